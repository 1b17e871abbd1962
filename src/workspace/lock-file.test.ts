import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { UserProfile } from '../resources/generated/user-profile.ts';
import { type Lock, LockFile } from './lock-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function jane(externalId: string): UserProfile {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'UserProfile',
    metadata: { name: 'jane', namespace: 'acme' },
    spec: { firstName: 'Jane', lastName: 'Example', email: 'jane@example.com', site: { name: 'HQ' } },
    status: { externalId, memory: { applied: { email: 'a1' } } },
  };
}

function lockOf(resource: UserProfile): Lock {
  return { customerId: '0012J', removals: [], resources: new Map([['UserProfile/acme/jane', resource]]) };
}

it('reads what it wrote, byte for byte the same each time', async () => {
  const file = new LockFile(join(folder, 'dialops.lock.yaml'));
  await file.write(lockOf(jane('u1')));
  const first = await readFile(file.path, 'utf8');
  expect(await file.read()).toEqual(lockOf(jane('u1')));
  await file.write(await file.read());
  expect(await readFile(file.path, 'utf8')).toBe(first);
  expect(first).toMatch(/^# Made by dialops/);
});

it('is empty where there is none', async () => {
  const file = new LockFile(join(folder, 'dialops.lock.yaml'));
  expect([...(await file.read()).resources]).toEqual([]);
});

it('takes over the journal of a run that crashed, but for a line that was cut off', async () => {
  const file = new LockFile(join(folder, 'dialops.lock.yaml'));
  await file.write(lockOf(jane('u1')));
  await file.note([jane('u2')]);
  const journal = `${file.path}.journal`;
  await writeFile(journal, `${await readFile(journal, 'utf8')}${JSON.stringify(jane('u3')).slice(0, 40)}`);
  const lock = await new LockFile(file.path).read();
  expect(lock.resources.get('UserProfile/acme/jane')?.status?.externalId).toBe('u2');
  await file.write(lock);
  expect(await readdir(folder)).toEqual(['dialops.lock.yaml']);
});

it('goes on with the journal of a run that crashed in the middle of a line', async () => {
  const path = join(folder, 'dialops.lock.yaml');
  await new LockFile(path).note([jane('u1')]);
  const journal = `${path}.journal`;
  await writeFile(journal, `${await readFile(journal, 'utf8')}${JSON.stringify(jane('u3')).slice(0, 40)}`);
  const second = new LockFile(path);
  await second.note([jane('u4')]);
  await second.note([jane('u5')]);
  const lock = await new LockFile(path).read();
  expect(lock.resources.get('UserProfile/acme/jane')?.status?.externalId).toBe('u5');
});

it('loses none of the notes of writes that begin at the same time, and keeps their order', async () => {
  for (let round = 0; round < 20; round++) {
    const path = join(folder, `${round}.lock.yaml`);
    // A run that was killed in the middle of a line.
    await writeFile(`${path}.journal`, JSON.stringify(jane('u0')).slice(0, 40));
    const file = new LockFile(path);
    const writes = Array.from({ length: 10 }, (_, index) => index + 1);
    const noted = writes.map((count) => {
      const each = jane(`u${count}`);
      const named = { ...each, metadata: { ...each.metadata, name: `jane-${count}` } };
      return file.note([named], [{ time: '2026-01-05T12:30:00.000Z', count }]);
    });
    await Promise.all(noted);
    const { removals, resources } = await new LockFile(path).read();
    expect(resources.size, `round ${round}`).toBe(10);
    expect(removals, `round ${round}`).toEqual([{ time: '2026-01-05T12:30:00.000Z', count: 10 }]);
  }
});

it('takes over the removals that a run counted before it was killed', async () => {
  const file = new LockFile(join(folder, 'dialops.lock.yaml'));
  await file.write(lockOf(jane('u1')));
  await file.note([jane('u1')], [{ time: '2026-01-05T12:30:00.000Z', count: 1 }]);
  await file.note([jane('u1')], [{ time: '2026-01-05T12:30:00.000Z', count: 2 }]);
  const { removals, resources } = await new LockFile(file.path).read();
  expect(removals).toEqual([{ time: '2026-01-05T12:30:00.000Z', count: 2 }]);
  expect([...resources.keys()]).toEqual(['UserProfile/acme/jane']);
});

it.each([
  ['another version', 'version: 2\nresources: []\n', /no lock file of this version/],
  ['conflict markers', '<<<<<<< HEAD\nversion: 1\n', /no YAML|no lock file/],
  [
    'an unknown kind',
    'version: 1\nresources: [{kind: Pod, metadata: {name: x}, spec: {}}]\n',
    /resources\[0\] is of no kind that a lock file keeps/,
  ],
  ['removals without a count', 'version: 1\nremovals: [{time: x}]\nresources: []\n', /removals is no list/],
  [
    'a resource without a spec',
    'version: 1\nresources: [{apiVersion: dialops.dev/v1alpha1, kind: UserProfile, metadata: {name: x}, spec: null}]\n',
    /resources\[0\] \(UserProfile x\): spec must be an object/,
  ],
  ['nothing', '', /no lock file/],
])('is never taken for empty when it holds %s', async (_name, text, message) => {
  const path = join(folder, 'dialops.lock.yaml');
  await writeFile(path, text);
  await expect(new LockFile(path).read()).rejects.toThrow(message);
  await expect(new LockFile(path).read()).rejects.toThrow('last commit');
});

it.each([
  ['no JSON', '{"kind": "UserProfile"', /journal:1 is no JSON/],
  [
    'a kind that it never keeps',
    '{"kind":"Pod","metadata":{"name":"x"},"spec":{}}',
    /journal:1 is of no kind/,
  ],
  ['removals that are none', '{"removals":[{"count":-1}]}', /journal:1 holds no removals/],
  [
    'a memory that is none',
    JSON.stringify({ ...jane('u1'), status: { memory: { applied: { email: 1 } } } }),
    /journal:1 \(UserProfile jane\): status\.memory\.applied\.email must be a text/,
  ],
])('refuses a journal with %s in the middle, and says where', async (_name, line, message) => {
  const file = new LockFile(join(folder, 'dialops.lock.yaml'));
  await writeFile(`${file.path}.journal`, `${line}\n${JSON.stringify(jane('u2'))}\n`);
  await expect(file.read()).rejects.toThrow(message);
});

it('keeps what another version knows more of', async () => {
  const file = new LockFile(join(folder, 'dialops.lock.yaml'));
  await writeFile(`${file.path}.journal`, `${JSON.stringify({ ...jane('u1'), later: true })}\n`);
  expect([...(await file.read()).resources.keys()]).toEqual(['UserProfile/acme/jane']);
});

it('neither reads nor writes a journal that is a link', async () => {
  const file = new LockFile(join(folder, 'dialops.lock.yaml'));
  const victim = join(folder, 'victim');
  await writeFile(victim, 'precious');
  await symlink(victim, `${file.path}.journal`);
  await expect(file.read()).rejects.toThrow(/journal is a link/);
  await expect(file.note([jane('u1')])).rejects.toThrow(/journal is a link/);
  expect(await readFile(victim, 'utf8')).toBe('precious');
});
