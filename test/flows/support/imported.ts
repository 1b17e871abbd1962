import { join } from 'node:path';
import { expect } from 'vitest';
import { isJsonObject } from '../../../src/foundation/json.ts';
import type { PhoneSystem } from '../../../src/resources/generated/phone-system.ts';
import type { AccountResource, Resource } from '../../../src/resources/kinds.ts';
import { loadResources } from '../../../src/resources/loading/load-resources.ts';
import {
  type ImportOptions,
  type ImportReport,
  importAccount,
} from '../../../src/workspace/repository/import-account.ts';
import { readWholeAccount } from '../../../src/workspace/repository/read-account.ts';
import { type Run, runOnce } from '../../../src/workspace/run.ts';
import { SecretFiles } from '../../../src/workspace/secret-files.ts';
import { endpoint, type Flow } from './account.ts';
import { MemoryLock } from './memory-lock.ts';

export interface Imported extends ImportReport {
  readonly out: string;
  readonly resources: readonly AccountResource[];
}

/** What a flow's account looks like as a repository in a new folder. */
export async function importInto(
  flow: Flow,
  out: string,
  { singles = true, ...options }: Partial<ImportOptions> & { readonly singles?: boolean } = {},
): Promise<Imported> {
  const signal = new AbortController().signal;
  const whole = await readWholeAccount({ client: flow.client, clock: flow.clock, signal, singles });
  const report = await importAccount({
    ...whole,
    endpoint,
    folder: out,
    layout: 'kind',
    force: false,
    portable: false,
    allowUnknown: [],
    allowMismatch: false,
    ...options,
  });
  return { ...report, out, resources: accountResources(await loadWhole(out)) };
}

/** All that the files hold; fails where `dialops validate` would find a fault of a file. */
export async function loadWhole(...paths: readonly string[]): Promise<readonly Resource[]> {
  const { complete, findings, resources } = await loadResources(paths, { stdin: async () => '' });
  expect(findings).toEqual([]);
  expect(complete).toBe(true);
  return resources.map(({ resource }) => resource);
}

export function accountResources(resources: readonly Resource[]): readonly AccountResource[] {
  return resources.flatMap((resource) =>
    resource.kind === 'PhoneSystem' || resource.kind === 'DriftReport' ? [] : [resource],
  );
}

/** What `dialops plan` finds; by default without a lock file. */
export async function planOf(flow: Flow, resources: readonly AccountResource[], lockFile = new MemoryLock()) {
  return contentOf(await run(flow, resources, lockFile, true));
}

/** What `dialops apply` makes, and leaves to do. */
export async function applied(flow: Flow, resources: readonly AccountResource[], lockFile: MemoryLock) {
  return contentOf(await run(flow, resources, lockFile, false));
}

function run(
  flow: Flow,
  resources: readonly AccountResource[],
  lockFile: MemoryLock,
  planOnly: boolean,
): Promise<Run> {
  const phoneSystem: PhoneSystem = {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'PhoneSystem',
    metadata: { name: 'default', namespace: 'default' },
    spec: { endpoint, apiKeySecretRef: { name: 'phone', key: 'key' } },
  };
  return runOnce({
    phoneSystem,
    resources,
    endpoint,
    apiKey: async () => 'a-key-for-tests',
    transport: flow.transport(),
    lockFile,
    secrets: new SecretFiles(undefined),
    clock: flow.clock,
    random: () => 0.5,
    faulty: new Set<string>(),
    prune: false,
    signal: new AbortController().signal,
    planOnly,
  });
}

function contentOf({ host, plan: { changes, reads } }: Run) {
  return {
    changes: changes.map(({ action, fields, type }) => `${action} ${type} ${fields.length}`),
    problems: host.desired?.problems ?? [],
    reads,
  };
}

/** Of a plan that has nothing to do. */
export const nothing = { changes: [], problems: [], reads: [] };

/** Privileges as the web console gives them: some people everywhere, some on one PBX too. */
export async function grantSome(flow: Flow, count: number): Promise<void> {
  const users = await flow.objects('user');
  const ids = users.flatMap(({ basicInfo }) => (isJsonObject(basicInfo) ? [String(basicInfo.userId)] : []));
  const [site] = await flow.objects('site');
  const scopes = [
    { pbxName: '*', sections: [{ name: 'Users', privileges: ['View', 'Manage'] }] },
    { pbxName: site?.pbxName, sections: [{ name: 'CallRecordings', privileges: ['View', 'Listen'] }] },
  ];
  for (const [index, userId] of ids.slice(1, count + 1).entries()) {
    await flow.control('/console', {
      actor: { userName: 'primary.admin@example.com' },
      method: 'PUT',
      path: `/administrators/${userId}`,
      body: { scopes: scopes.slice(index % 2) },
    });
  }
}

/** What the published API has no place for, as the web console sets it. */
export async function setSome(flow: Flow, count: number): Promise<void> {
  const actor = { userName: 'primary.admin@example.com' };
  const put = (path: string, body: object) => flow.control('/console', { actor, method: 'PUT', path, body });
  const settings = await flow.objects('extensionSettings');
  for (const { extensionId } of settings.slice(1, count + 1)) {
    await put(`/extension-settings/${extensionId}`, {
      extensionId,
      timezone: 'America/Denver',
      communicationPreferences: { language: 'fr-FR', dateFormat: 'DMY', timeFormat: 'H24' },
      workSettings: { desktopApp: false, mobileApp: true, webApp: true, smsEnabled: false, faxEnabled: true },
    });
  }
  const address = (await flow.objects('address')).at(-1);
  const profiles = await flow.objects('profileSettings');
  for (const { userId } of profiles.slice(1, count + 1)) {
    await put(`/profile-settings/${userId}`, { userId, address: { id: address?.id } });
  }
}

export const acme = join(import.meta.dirname, '../../../examples/acme');
