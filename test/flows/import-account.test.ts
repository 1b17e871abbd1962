import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCompanyFile } from '../../src/sandbox/company-file.ts';
import { emptyCompany } from '../../src/sandbox/empty-company.ts';
import { readWholeAccount } from '../../src/workspace/repository/read-account.ts';
import { Flow } from './support/account.ts';
import { comparableAccount } from './support/comparable.ts';
import {
  accountResources,
  acme,
  applied,
  grantSome,
  importInto,
  loadWhole,
  nothing,
  planOf,
  setSome,
} from './support/imported.ts';
import { inventoryOf } from './support/inventory.ts';
import { MemoryLock } from './support/memory-lock.ts';
import { variedCompany } from './support/varied-company.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-import-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function varied(users: number, seed: number, sparseRows = false): Flow {
  const company = variedCompany({ users, seed });
  return new Flow({ resources: [], company, sandbox: { seed, sparseRows, unlimited: true } });
}

describe('an account that was imported', () => {
  it.each([
    { users: 12, seed: 1, sparseRows: false },
    { users: 40, seed: 2, sparseRows: false },
    { users: 40, seed: 3, sparseRows: true },
    { users: 90, seed: 4, sparseRows: false },
    { users: 25, seed: 5, sparseRows: true },
  ])('is what its YAML declares, and nobody is mailed: %o', async ({ seed, sparseRows, users }) => {
    const flow = varied(users, seed, sparseRows);
    await grantSome(flow, 4);
    await setSome(flow, 5);
    const { leftOut, resources, tally } = await importInto(flow, join(folder, 'company'));
    expect(leftOut.filter(({ reason }) => reason !== 'PrimaryAdministrator')).toEqual([]);
    expect(tally.mismatches).toEqual([]);
    expect(tally.rows.slice(0, 3)).toMatchObject([
      { what: 'users', inAccount: users, written: users },
      { what: 'extensions', written: resources.filter(({ kind }) => kind === 'Extension').length },
      { what: 'administrators', inAccount: 5, written: 4 },
    ]);
    expect(await planOf(flow, resources)).toEqual(nothing);
    await flow.apply(resources);
    expect(new Set(Object.values(flow.reasons()))).toEqual(new Set(['Synced']));
    expect(flow.writes()).toBe(0);
    expect(await flow.control('/outbox', undefined, 'GET')).toEqual([]);
  });

  it.each([false, true])('may be of the published API alone: sparse rows %s', async (sparseRows) => {
    const flow = new Flow({
      resources: [],
      company: variedCompany({ users: 30, seed: 9 }),
      sandbox: { seed: 9, sparseRows, unlimited: true, modules: [] },
    });
    const { leftOut, resources, tally } = await importInto(flow, join(folder, 'company'));
    expect(leftOut).toEqual([]);
    expect(tally.mismatches).toEqual([]);
    expect(tally.rows[2]).toMatchObject({ what: 'administrators', note: 'the endpoint does not have them' });
    expect(await planOf(flow, resources)).toEqual(nothing);
  });

  it('may be taken from sparse lists alone: what they do not show is named, and not managed', async () => {
    const flow = varied(20, 12, true);
    const { leftOut, resources } = await importInto(flow, join(folder, 'company'), { singles: false });
    expect(flow.sent.filter(({ path }) => /^\/users\/./.test(path))).toHaveLength(0);
    expect(leftOut.map(({ reason }) => reason)).toContain('NotRead');
    expect(await planOf(flow, resources)).toEqual(nothing);
  });

  it.each([
    ['complete', false],
    ['sparse', true],
  ])(
    'can be the example company, with its port and its administrators, from %s rows',
    async (_rows, sparseRows) => {
      const { company } = await loadCompanyFile(join(acme, 'account.json'), 1);
      const declared = accountResources(await loadWhole(acme));
      const flow = new Flow({
        resources: declared,
        company,
        secrets: {
          'port-riverbend-telecom/account-number': '555-01',
          'port-riverbend-telecom/pin': '4321',
          'port-riverbend-telecom/letter.pdf': '%PDF-1.7 letter',
          'port-riverbend-telecom/bill.pdf': '%PDF-1.7 bill',
        },
        sandbox: { unlimited: true, sparseRows },
      });
      await flow.apply();
      expect(flow.failures).toEqual([]);
      const { leftOut, resources, tally } = await importInto(flow, join(folder, 'acme'));
      expect(leftOut.map(({ message }) => message)).toEqual([
        expect.stringContaining('primary administrator'),
      ]);
      expect(tally.mismatches).toEqual([]);
      const kindsOf = (all: readonly { readonly kind: string }[]) => all.map(({ kind }) => kind).sort();
      // The owner has no profile in the example, and the account has him.
      expect(kindsOf(resources)).toEqual([...kindsOf(declared), 'UserProfile'].sort());
      expect(await planOf(flow, resources)).toEqual(nothing);
    },
  );

  it.each([
    { users: 24, seed: 8, sparseRows: false },
    { users: 45, seed: 21, sparseRows: false },
    { users: 45, seed: 22, sparseRows: true },
    { users: 40, seed: 33, sparseRows: false },
    { users: 30, seed: 32, sparseRows: true },
    { users: 20, seed: 31, sparseRows: false },
  ])(
    'can be made again in an empty account that has the same sites, numbers and licences: %o',
    async ({ seed, sparseRows, users }) => {
      const company = variedCompany({ users, seed, ringGroups: 0 });
      const first = new Flow({ resources: [], company, sandbox: { seed, unlimited: true, sparseRows } });
      await grantSome(first, 3);
      await setSome(first, 5);
      const { out, resources } = await importInto(first, join(folder, 'copy'), { portable: true });
      expect(await readdir(out)).not.toContain('phone-system.yaml');
      const second = new Flow({
        resources: [],
        company: emptyCompany(inventoryOf(company), 77),
        sandbox: { seed: 99, unlimited: true, sparseRows },
      });
      const lock = new MemoryLock();
      const before = await planOf(second, resources, lock);
      expect(before.problems).toEqual([]);
      expect(before.changes.length).toBeGreaterThan(users);
      expect(second.writes()).toBe(0);
      await applied(second, resources, lock);
      const writes = second.writes();
      expect(writes).toBeGreaterThan(users);
      expect(await planOf(second, resources, lock)).toEqual(nothing);
      await applied(second, resources, lock);
      expect(second.writes()).toBe(writes);
      expect(await second.control('/outbox', undefined, 'GET')).toEqual([]);
      for (const flow of [first, second]) await flow.control('/settings', { sparseRows: false });
      const original = await comparableAccount(first);
      for (const detail of ['0a1b2c', 'FLOOR 2', 'America/Denver', 'license X6', 'CallRecordings']) {
        expect(JSON.stringify(original)).toContain(detail);
      }
      expect(await comparableAccount(second)).toEqual(original);
    },
  );
});

describe('the repository of an import', () => {
  it('has a folder for each kind or for each site, each with its kustomization, and is stable', async () => {
    const flow = varied(12, 1);
    const { out } = await importInto(flow, join(folder, 'company'), { namespace: 'acme' });
    expect(await readdir(out)).toEqual([
      '.dialops',
      'extensions',
      'kustomization.yaml',
      'people',
      'phone-system.yaml',
    ]);
    expect(await readFile(join(out, 'kustomization.yaml'), 'utf8')).toMatch(
      /^namespace: acme\nresources:\n {2}- extensions\n {2}- people\n {2}- phone-system\.yaml\n$/m,
    );
    const people = (await readdir(join(out, 'people'))).filter((name) => name !== 'kustomization.yaml');
    const listed = await readFile(join(out, 'people', 'kustomization.yaml'), 'utf8');
    expect(listed.match(/^ {2}- .*$/gm)).toEqual(people.map((name) => `  - ${name}`));
    const bySite = await importInto(flow, join(folder, 'by-site'), { layout: 'site' });
    expect(await readdir(join(bySite.out, 'sites'))).toEqual([
      'denver-office',
      'headquarters',
      'kustomization.yaml',
    ]);
    expect(await planOf(flow, bySite.resources)).toEqual(nothing);
  });

  it('gives every file the schema for editors, quotes what older readers misread, and holds no key', async () => {
    const { out } = await importInto(varied(60, 6), join(folder, 'company'));
    const names = (await readdir(join(out, 'people'))).filter((name) => name !== 'kustomization.yaml');
    const texts = await Promise.all(names.map((name) => readFile(join(out, 'people', name), 'utf8')));
    for (const text of texts) {
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.dialops\/dialops\.schema\.json\n/);
      expect(text).not.toMatch(/: (no|Yes|Null|0123)$/m);
    }
    expect(texts.join('')).toMatch(/jobTitle: "0123"\n/);
    expect(texts.join('')).toMatch(/firstName: "Yes"\n/);
    expect(await readFile(join(out, 'phone-system.yaml'), 'utf8')).not.toContain('a-key-for-tests');
  });

  it('replaces an earlier one only with --force, and leaves alone what no import makes', async () => {
    const flow = varied(12, 1);
    const { out } = await importInto(flow, join(folder, 'company'));
    await expect(importInto(flow, out)).rejects.toThrow(/is not empty: name a new folder, or .* --force/);
    await writeFile(join(out, 'NOTES.md'), 'ours');
    await writeFile(join(out, 'people', 'gone.yaml'), 'of an earlier import');
    await importInto(flow, out, { force: true });
    expect(await readFile(join(out, 'NOTES.md'), 'utf8')).toBe('ours');
    expect(await readdir(join(out, 'people'))).not.toContain('gone.yaml');
    expect(await readdir(folder)).toEqual(['company']);
  });

  it('is not written where reading was stopped half way', async () => {
    const flow = varied(20, 12, true);
    const stop = new AbortController();
    const reading = readWholeAccount({
      client: flow.client,
      clock: flow.clock,
      signal: stop.signal,
      onSingle: (done) => {
        if (done === 5) stop.abort(new Error('Stopped by SIGINT'));
      },
    });
    await expect(reading).rejects.toThrow('Stopped by SIGINT');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not written where the account holds what nobody has decided about', async () => {
    const flow = varied(12, 1);
    const [, user] = await flow.objects('user');
    const id = JSON.stringify(user).match(/"userId":"([^"]+)"/)?.[1];
    await flow.control('/console/patch', {
      actor: { userName: 'primary.admin@example.com' },
      path: `/users/${id}`,
      merge: { basicInfo: { pronouns: 'they' } },
    });
    const out = join(folder, 'company');
    await expect(importInto(flow, out)).rejects.toThrow(
      /--allow-unknown 'user basicInfo\.pronouns' {3}\(1 of them\)/,
    );
    await expect(readdir(out)).rejects.toThrow('ENOENT');
    const { resources } = await importInto(flow, out, { allowUnknown: ['user basicInfo.pronouns'] });
    expect(await planOf(flow, resources)).toEqual(nothing);
  });
});
