import { readFile } from 'node:fs/promises';
import { systemClock } from '../../../src/foundation/clock.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../src/foundation/json.ts';
import { type ControlPlane, startControlPlane } from '../../cluster/control-plane.ts';
import { installCustomResourceDefinitions } from '../../cluster/custom-resource-definitions.ts';
import { eventually } from '../../cluster/eventually.ts';
import { kubectlOutput } from '../../cluster/kubectl.ts';
import { installRbac, TestOperator } from '../../cluster/support/operator-process.ts';
import { TestPhoneSystem } from '../../cluster/support/phone-system.ts';
import { companyOf, declaredAsIs } from '../company.ts';
import { fastClock } from '../fast-clock.ts';

const operatorUser = 'system:serviceaccount:dialops-system:dialops-operator';
const writeVerbs = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const keySecret = { name: 'phone-system-key', key: 'api-key' };
const rounds = 60;
/** The operator's clock: a second of it takes a quarter of one. */
const timesAsFast = 4;

/** A company of its own for each sort of list rows, both at rest at the same time. */
const companies = {
  complete: { namespace: 'acme', customerId: '0012J00000ACME0001', sparseRows: false },
  sparse: { namespace: 'acme-sparse', customerId: '0012J00000ACME0002', sparseRows: true },
} as const;
export type RowStyle = keyof typeof companies;
type Tenant = (typeof companies)[keyof typeof companies];

export interface KubernetesFigures {
  readonly writes: number;
  readonly rounds: number;
  /** Where the writes went, such as `patch userprofiles/status`. */
  readonly byTarget: Readonly<Record<string, number>>;
}

/**
 * A converged operator on a real API server, reading the phone system each second of a fast clock instead of each
 * minute: what it writes to Kubernetes meanwhile, from the audit log. Renewals of its Lease are left out.
 */
export async function kubernetesWritesConverged(
  progress: (line: string) => void,
): Promise<Readonly<Record<RowStyle, KubernetesFigures>>> {
  const plane = await startControlPlane({ clock: systemClock, log: progress, auditLog: true });
  try {
    await installCustomResourceDefinitions(plane.kubectl);
    await installRbac(plane);
    const [complete, sparse] = await Promise.all([
      writesOf(plane, companies.complete, progress),
      writesOf(plane, companies.sparse, progress),
    ]);
    return { complete, sparse };
  } finally {
    await plane.stop();
  }
}

async function writesOf(
  plane: ControlPlane,
  tenant: Tenant,
  progress: (line: string) => void,
): Promise<KubernetesFigures> {
  const { customerId, namespace, sparseRows } = tenant;
  await kubectlOutput(plane.kubectl, ['create', 'namespace', namespace]);
  const company = companyOf({ users: 20, ringGroups: 2, sites: 2 });
  const phones = await TestPhoneSystem.start(company, { customerId, sparseRows });
  try {
    await declare(plane, phones, namespace, declaredAsIs(company));
    const operator = await TestOperator.start(plane, { namespace, clock: fastClock(timesAsFast) });
    try {
      await untilReady(plane, namespace);
      return await watch(plane, phones, namespace, progress);
    } finally {
      await operator.stop();
    }
  } finally {
    await phones.stop();
  }
}

async function declare(
  plane: ControlPlane,
  phones: TestPhoneSystem,
  namespace: string,
  resources: readonly object[],
): Promise<void> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: keySecret.name },
    stringData: { [keySecret.key]: phones.apiKey },
  };
  const phoneSystem = {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'PhoneSystem',
    metadata: { name: 'default' },
    spec: {
      endpoint: phones.endpoint,
      apiKeySecretRef: keySecret,
      limits: { requestsPerMinute: 60_000, burstRequests: 10_000, burstSeconds: 10 },
      sync: { incremental: '1s', full: '5s' },
    },
  };
  const items = [secret, phoneSystem, ...resources].map((each) => inNamespace(each, namespace));
  const list = { apiVersion: 'v1', kind: 'List', items };
  await kubectlOutput(plane.kubectl, ['apply', '-n', namespace, '-f', '-'], { input: JSON.stringify(list) });
}

function inNamespace(resource: object, namespace: string): object {
  const metadata = 'metadata' in resource && typeof resource.metadata === 'object' ? resource.metadata : {};
  return { ...resource, metadata: { ...metadata, namespace } };
}

async function untilReady(plane: ControlPlane, namespace: string): Promise<void> {
  await eventually(
    'all resources to be Ready',
    async () => {
      const list: Json = JSON.parse(
        await kubectlOutput(plane.kubectl, ['get', 'dialops', '-n', namespace, '-o', 'json']),
      );
      const items = isJsonObject(list) && isJsonArray(list.items) ? list.items.filter(isJsonObject) : [];
      const waiting = items.filter((item) => !isReady(item));
      if (items.length === 0 || waiting.length > 0)
        throw new Error(`${waiting.length} of ${items.length} are not`);
    },
    { timeoutMs: 60_000, intervalMs: 250 },
  );
}

function isReady({ status }: JsonObject): boolean {
  const conditions = isJsonObject(status) && isJsonArray(status.conditions) ? status.conditions : [];
  return conditions.some(
    (condition) => isJsonObject(condition) && condition.type === 'Ready' && condition.status === 'True',
  );
}

async function watch(
  plane: ControlPlane,
  phones: TestPhoneSystem,
  namespace: string,
  progress: (line: string) => void,
): Promise<KubernetesFigures> {
  // Ready is said by a write, and others may follow it: Events, the PhoneSystem's counts.
  await roundsPass(phones, 5);
  const before = await auditLog(plane);
  if (writesIn(before, namespace).length === 0)
    throw new Error('The audit log shows no write of the operator at all');
  progress(`${rounds} rounds of a converged operator in ${namespace}`);
  await roundsPass(phones, rounds);
  const writes = writesIn((await auditLog(plane)).slice(before.length), namespace);
  const byTarget: Record<string, number> = {};
  for (const target of writes) byTarget[target] = (byTarget[target] ?? 0) + 1;
  return { writes: writes.length, rounds, byTarget };
}

function auditLog(plane: ControlPlane): Promise<string> {
  return readFile(plane.auditLogPath ?? '', 'utf8');
}

/** The last line may not be all there yet. */
function writesIn(log: string, namespace: string): string[] {
  return log
    .slice(0, log.lastIndexOf('\n') + 1)
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (writeOf(JSON.parse(line), namespace) ?? [])));
}

async function roundsPass(phones: TestPhoneSystem, count: number): Promise<void> {
  await phones.control('/stats', undefined, 'DELETE');
  await eventually(
    `${count} readings of the phone system`,
    async () => {
      const stats = await phones.control('/stats', undefined, 'GET');
      const requests = isJsonObject(stats) && isJsonObject(stats.requests) ? stats.requests : {};
      const seen = requests['GET /users'];
      if (typeof seen !== 'number' || seen < count) throw new Error(`${String(seen ?? 0)} so far`);
    },
    { timeoutMs: count * 5_000, intervalMs: 250 },
  );
}

/** What a line of the audit log says that the operator wrote there; undefined when it is about something else. */
function writeOf(entry: Json, namespace: string): string | undefined {
  if (!isJsonObject(entry) || !isJsonObject(entry.user) || entry.user.username !== operatorUser)
    return undefined;
  const { objectRef, verb } = entry;
  if (typeof verb !== 'string' || !writeVerbs.includes(verb) || !isJsonObject(objectRef)) return undefined;
  const { resource, subresource } = objectRef;
  const others = Object.values(companies).filter((company) => company.namespace !== namespace);
  if (resource === 'leases' || others.some((company) => company.namespace === objectRef.namespace))
    return undefined;
  return `${verb} ${String(resource)}${typeof subresource === 'string' ? `/${subresource}` : ''}`;
}
