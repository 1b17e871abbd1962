import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/foundation/json.ts';
import { loadResources } from '../../src/resources/loading/load-resources.ts';
import { seededRandom } from '../../src/sandbox/ids.ts';
import { type Acceptance, planAcceptance } from '../../src/workspace/accept/accept-drift.ts';
import { acceptedLock } from '../../src/workspace/accept/accepted-lock.ts';
import { AccountValues } from '../../src/workspace/accept/account-values.ts';
import { unifiedDiff } from '../../src/workspace/accept/unified-diff.ts';
import { FileChanged, writeEdits } from '../../src/workspace/accept/write-edits.ts';
import type { AccountDrift } from '../../src/workspace/account-drift.ts';
import { DriftWorkspace } from './support/drift-workspace.ts';
import { accountResources, grantSome, importInto, loadWhole } from './support/imported.ts';
import { pbxName, siteName } from './support/resources.ts';
import { variedCompany } from './support/varied-company.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-accept-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function accept(drift: AccountDrift, ...paths: readonly string[]): Promise<Acceptance> {
  const { resources } = await loadResources(paths, { stdin: async () => '' });
  const acceptance = planAcceptance({
    drifted: drift.findings.drifted,
    documents: new Map(resources.map(({ document }) => [document.key, document])),
    values: new AccountValues(drift.observed, drift.run.host.memory()),
  });
  await writeEdits(acceptance.edits);
  return acceptance;
}

async function declared(...paths: readonly string[]) {
  return accountResources(await loadWhole(...paths));
}

/** Takes the account's values over, looks again, and keeps that in the lock, as the command does. */
async function settle(files: DriftWorkspace, ...paths: readonly string[]) {
  const before = await files.drift(await declared(...paths));
  const acceptance = await accept(before, ...paths);
  const after = await files.drift(await declared(...paths));
  await files.lockFile.write(
    acceptedLock(await files.lockFile.read(), after.run.host.lock(), acceptance.accepted),
  );
  return { before, acceptance, after };
}

type Random = () => number;
const texts = [
  'Pirate',
  'no',
  '0123',
  'a: b # c',
  '[x]',
  "O'Neil",
  'Q "A" \\ Z',
  '- dash',
  'Ünïcode 💡',
  'true',
  '~',
];

/** Changes as somebody may make them in the web console, of what a user's or an extension's YAML declares. */
function changedUser(user: JsonObject, random: Random): JsonObject {
  const one = <T>(choices: readonly T[]): T | undefined => choices[Math.floor(random() * choices.length)];
  const maybe = <T>(value: T): T | undefined => (random() < 0.4 ? value : undefined);
  const { basicInfo, directoryInfo } = user;
  const basic = isJsonObject(basicInfo) ? basicInfo : {};
  const directory = isJsonObject(directoryInfo) ? directoryInfo : {};
  return defined({
    basicInfo: defined({
      lastName: maybe(one(['Example', 'Null', 'Yes'])),
      status: maybe(basic.status === 'ACTIVE' ? 'INACTIVE' : 'ACTIVE'),
      timezone: maybe(one(['America/Denver', 'Europe/Berlin'])),
    }),
    directoryInfo: defined({
      jobTitle: maybe(one(['Pirate', 'no', '0123', "O'Neil", '', 'Head of (all)'])),
      department: maybe(one(['Sales', 'off', '12', ''])),
      displayInDirectory: maybe(directory.displayInDirectory !== true),
      personalPhoneNumbers: maybe(
        one<Json>([
          [],
          [{ number: '+14085550142', type: 'WORK' }],
          [
            { number: '+14085550142', type: 'MOBILE' },
            { number: '+14085550143', type: 'WORK' },
          ],
        ]),
      ),
    }),
  });
}

function changedExtension(extension: JsonObject, random: Random): JsonObject {
  const one = <T>(choices: readonly T[]): T | undefined => choices[Math.floor(random() * choices.length)];
  const maybe = <T>(value: T): T | undefined => (random() < 0.4 ? value : undefined);
  return defined({
    externalCallerIdName: maybe(one(texts)?.replace(/[^\w ]/gu, '') ?? ''),
    callWaitingEnabled: maybe(extension.callWaitingEnabled !== true),
    maxConcurrentCalls: maybe(1 + Math.floor(random() * 5)),
    voicemailEmail: maybe(one(['calls@example.com', 'voice.mail@example.com'])),
    allowInAutoAttendant: maybe(extension.allowInAutoAttendant !== true),
    ...(random() < 0.3 ? { phoneNumbers: [], primaryPhoneNumber: null } : {}),
    ...(random() < 0.3 ? { devices: [] } : {}),
    ...(random() < 0.3 ? { musicOnHold: null, voicemailZeroOutDestination: '0' } : {}),
    ...(random() < 0.3
      ? { emergencyAddressInheritFromSite: extension.emergencyAddressInheritFromSite !== true }
      : {}),
  });
}

function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** @returns how many objects somebody changed; what the phone system refuses is not changed */
async function changeByHand(files: DriftWorkspace, random: Random): Promise<number> {
  let changed = 0;
  const patch = async (path: string, merge: JsonObject) => {
    if (Object.keys(merge).length === 0) return;
    await files.patch(path, merge).then(
      () => changed++,
      () => undefined,
    );
  };
  for (const user of await files.account.objects('user')) {
    const id = isJsonObject(user.basicInfo) ? user.basicInfo.userId : undefined;
    if (random() < 0.5) await patch(`/users/${id}`, changedUser(user, random));
    const whole = await files.account.object('user', String(id));
    const service = isJsonObject(whole?.serviceInfo) ? whole.serviceInfo : {};
    const own = isJsonArray(service.extensions) ? service.extensions.filter(isJsonObject) : [];
    const extensions = own.map((extension) => ({ ...extension, ...changedExtension(extension, random) }));
    if (own.length > 0 && random() < 0.5) await patch(`/users/${id}`, { serviceInfo: { extensions } });
  }
  for (const extension of await files.account.objects('extension')) {
    if (random() < 0.5) await patch(`/extensions/${extension.id}`, changedExtension(extension, random));
  }
  return changed;
}

async function textsIn(path: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'utf8')] as const)),
  );
}

/** Comments and blank lines of another person's hand. */
function withRemarks(text: string): string {
  return text
    .replace(/^( *)(jobTitle|callWaiting|status): (.*)$/gm, '$1$2:   $3   # as agreed')
    .replace(/^spec:$/gm, '\n# What it shall be.\nspec: # all of it');
}

describe('what somebody changed by hand, accepted into the YAML', () => {
  it.each([
    { users: 12, seed: 1, sparseRows: false },
    { users: 30, seed: 2, sparseRows: true },
    { users: 30, seed: 3, sparseRows: false },
    { users: 20, seed: 4, sparseRows: true },
    { users: 16, seed: 20, sparseRows: false },
    { users: 16, seed: 21, sparseRows: true },
  ])(
    'leaves no drift, a lock that agrees, and all other lines as they were: %o',
    async ({ seed, sparseRows, users }) => {
      const random = seededRandom(seed);
      const files = new DriftWorkspace({
        company: variedCompany({ users, seed }),
        sandbox: { seed, sparseRows, unlimited: true },
      });
      await grantSome(files.account, 3);
      const { out } = await importInto(files.account, join(folder, 'company'), { namespace: 'acme' });
      for (const [name, text] of await textsIn(out)) {
        await writeFile(join(out, name), name.endsWith('kustomization.yaml') ? text : withRemarks(text));
      }
      await files.apply(await declared(out));
      const writes = files.account.writes();
      const before = await textsIn(out);
      expect(await changeByHand(files, random)).toBeGreaterThan(users / 3);

      const { acceptance, after, before: drift } = await settle(files, out);
      expect(drift.findings.drifted.length).toBeGreaterThan(users / 4);
      expect(acceptance.notAccepted).toEqual([]);
      expect(after.findings).toMatchObject({ drifted: [], notApplied: [], unknown: [] });
      expect(files.account.writes()).toBe(writes);

      const drifted = new Set(
        drift.findings.drifted.flatMap(({ fields }) => fields.map(({ field }) => leafOf(field))),
      );
      for (const [name, text] of await textsIn(out)) {
        for (const line of changedLines(before.get(name) ?? '', text)) {
          expect([...drifted, ...membersOfEntries]).toContain(/^\s*(?:- )?(\w+):/.exec(line)?.[1]);
        }
      }
      await keepsItsLock(files, out);
    },
  );

  it('can be applied as the patch that drift shows', async () => {
    const files = new DriftWorkspace({
      company: variedCompany({ users: 12, seed: 5 }),
      sandbox: { unlimited: true },
    });
    const { out } = await importInto(files.account, join(folder, 'company'), { namespace: 'acme' });
    await files.apply(await declared(out));
    await changeByHand(files, seededRandom(5));
    const before = await textsIn(out);
    const { acceptance } = await settle(files, out);
    for (const edit of acceptance.edits) {
      expect(patched(edit.before, unifiedDiff(edit))).toBe(edit.after);
      expect(before.get(edit.file.slice(out.length + 1))).toBe(edit.before);
    }
  });
});

const person = (more: string) => `apiVersion: dialops.dev/v1alpha1
kind: UserProfile
metadata: {name: jane, namespace: acme}
spec:
  firstName: Jane
  lastName: Example
  email: jane@example.com
  site: {name: ${siteName}}
${more}`;

describe('privileges that were changed by hand', () => {
  it('are accepted into the one grant of the person, section by section', async () => {
    const files = new DriftWorkspace();
    const file = join(folder, 'rights.yaml');
    const text = `${person('')}---
apiVersion: dialops.dev/v1alpha1
kind: PrivilegeGrant
metadata: {name: jane, namespace: acme}
spec:
  userProfileRef: {name: jane}
  pbxes: [${pbxName}]
  sections:
    - name: Users # who may see people
      privileges: [View]
    - name: Billing
      privileges:
        - ViewBills # monthly
`;
    await writeFile(file, text);
    await files.apply(await declared(file));
    await files.patch(`/administrators/${files.idOf('UserProfile/acme/jane')}`, {
      scopes: [
        {
          pbxName,
          sections: [
            { name: 'Users', privileges: ['View'] },
            { name: 'Billing', privileges: ['ViewBills', 'UpdateCards'] },
          ],
        },
      ],
    });
    const { acceptance, after } = await settle(files, file);
    expect(acceptance.notAccepted).toEqual([]);
    expect(after.findings.drifted).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(`${text}        - UpdateCards\n`);
  });
});

describe('what can not be accepted', () => {
  /** Applies a file, has it changed by hand and in the YAML, and accepts. */
  async function accepted(text: string, merge: JsonObject | 'delete', edit = (before: string) => before) {
    const files = new DriftWorkspace();
    const file = join(folder, 'jane.yaml');
    await writeFile(file, text);
    const { host } = await files.apply(await declared(file));
    expect([...host.failures]).toEqual([]);
    const path = `/users/${files.idOf('UserProfile/acme/jane')}`;
    await (merge === 'delete' ? files.remove(path) : files.patch(path, merge));
    await writeFile(file, edit(text));
    const { notAccepted } = await accept(await files.drift(await declared(file)), file);
    expect(await readFile(file, 'utf8')).toBe(edit(text));
    return notAccepted.map(({ field, why }) => `${field}: ${why}`);
  }

  it('was changed on both sides', async () => {
    const why = await accepted(
      person('  jobTitle: Engineer\n'),
      { directoryInfo: { jobTitle: 'Pirate' } },
      (text) => text.replace('Engineer', 'Captain'),
    );
    expect(why).toEqual([expect.stringMatching(/^jobTitle: the YAML was changed, too/)]);
  });

  it('stands behind an alias, or behind an anchor that other places share', async () => {
    const change = { directoryInfo: { jobTitle: 'Pirate' } };
    expect(await accepted(person('  department: &team Sales\n  jobTitle: *team\n'), change)).toEqual([
      'jobTitle: it stands behind an alias, which other places share',
    ]);
    expect(await accepted(person('  jobTitle: &team Sales\n  department: *team\n'), change)).toEqual([
      'jobTitle: its layout does not let it be changed in its place',
    ]);
  });

  it('is gone from the account', async () => {
    expect(await accepted(person(''), 'delete')).toEqual([
      expect.stringMatching(/^undefined: the account has it no longer: take the document out/),
    ]);
  });

  it('is a file that somebody else has changed meanwhile: then none is written', async () => {
    const [one, other] = [join(folder, 'one.yaml'), join(folder, 'other.yaml')];
    await writeFile(one, 'a: 1\n');
    await writeFile(other, 'a: 2\n');
    const edit = (file: string, before: string) => ({ file, before, after: 'a: 9\n', splices: [] });
    await expect(writeEdits([edit(one, 'a: 1\n'), edit(other, 'a: 3\n')])).rejects.toThrow(FileChanged);
    expect(await readFile(one, 'utf8')).toBe('a: 1\n');
    expect(await readdir(folder)).toEqual(['one.yaml', 'other.yaml']);
  });
});

/** Lines of entries of lists that drifted as a whole, and of another way to say the same. */
const membersOfEntries = ['number', 'type', 'macAddress', 'model', 'addressId', 'name'];

/** The old value by hand again is drift again, and not an edit that waits to be applied. */
async function keepsItsLock(files: DriftWorkspace, out: string): Promise<void> {
  const [user] = await files.account.objects('user');
  const id = isJsonObject(user?.basicInfo) ? user.basicInfo.userId : undefined;
  await files.patch(`/users/${id}`, { basicInfo: { timezone: 'Asia/Tokyo' } });
  const { findings } = await files.drift(await declared(out));
  expect(findings.notApplied).toEqual([]);
  expect(findings.drifted).toHaveLength(1);
}

function leafOf(field: string): string {
  return field.replace(/\[.*$/, '').split('.').at(-1) ?? field;
}

function changedLines(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const [had, has] = [new Set(old), new Set(now)];
  return [...old.filter((line) => !has.has(line)), ...now.filter((line) => !had.has(line))];
}

/** As `patch` does, without any fuzz. */
function patched(text: string, diff: string): string {
  const old = text.split('\n');
  const result: string[] = [];
  let at = 0;
  for (const line of diff.trimEnd().split('\n').slice(2)) {
    const head = /^@@ -(\d+),\d+ \+(\d+),\d+ @@$/.exec(line);
    if (head) {
      result.push(...old.slice(at, Number(head[1]) - 1));
      at = Number(head[1]) - 1;
      expect(result).toHaveLength(Number(head[2]) - 1);
    } else if (line.startsWith('+')) result.push(line.slice(1));
    else {
      expect(old[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) result.push(line.slice(1));
      at++;
    }
  }
  return [...result, ...old.slice(at)].join('\n');
}
