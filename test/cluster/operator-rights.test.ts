import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { systemClock } from '../../src/foundation/clock.ts';
import type { JsonObject } from '../../src/foundation/json.ts';
import { DriftReportWriter } from '../../src/operator/drift-report-writer.ts';
import { phoneSystems } from '../../src/operator/kinds.ts';
import { Cache } from '../../src/operator/kubernetes/cache.ts';
import { KubernetesClient } from '../../src/operator/kubernetes/client.ts';
import { ApiConnection } from '../../src/operator/kubernetes/connection.ts';
import { EventRecorder } from '../../src/operator/kubernetes/events.ts';
import { Finalizers } from '../../src/operator/kubernetes/finalizers.ts';
import { loadKubeConfig } from '../../src/operator/kubernetes/kube-config.ts';
import { LeaderElection } from '../../src/operator/kubernetes/lease.ts';
import { type KubernetesObject, plainType } from '../../src/operator/kubernetes/object.ts';
import { Reflector } from '../../src/operator/kubernetes/reflector.ts';
import { SecretReader } from '../../src/operator/kubernetes/secrets.ts';
import { StatusWriter, type WithStatus } from '../../src/operator/kubernetes/status-writer.ts';
import { finalizer } from '../../src/resources/annotations.ts';
import { kindNames } from '../../src/resources/kinds.ts';
import { eventually } from './eventually.ts';
import { kubectlOutput } from './kubectl.ts';
import { installRbac, mintOperatorAccess, operatorHome } from './support/operator-process.ts';
import { extension, grant, port, profile } from './support/resources.ts';
import { apiVersion, keySecret } from './support/workplace.ts';
import { testCluster, useNamespace } from './test-cluster.ts';

type Resource = JsonObject & WithStatus<JsonObject> & KubernetesObject;

const cluster = testCluster();
const namespace = useNamespace(cluster, 'rights');
const errors: unknown[] = [];
const onError = (error: unknown) => errors.push(error);
const common = { clock: systemClock, random: () => 0.5, onError };
const mayWrite = () => true;

const name = 'jane';
const site = { name: 'Springfield' };
const resources = [
  {
    apiVersion,
    kind: 'PhoneSystem',
    metadata: { name },
    spec: { endpoint: 'https://phones.example.com/admin', apiKeySecretRef: keySecret },
  },
  profile(name, { site }),
  extension(name, '7101'),
  grant(name, { sections: [{ name: 'Billing', privileges: ['ViewBills'] }] }),
  port(name, { numbers: [{ number: '+14085550123' }] }),
];

const condition = {
  type: 'Ready',
  status: 'True' as const,
  reason: 'Reported' as const,
  lastTransitionTime: '2026-01-05T09:00:00Z',
};

/** `verb resource`, as the API server has allowed and done it. */
const used = new Set<string>();
let connection: ApiConnection;

beforeAll(async () => {
  await installRbac(cluster);
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: keySecret.name }, stringData: {} };
  await kubectlOutput(cluster.kubectl, ['apply', '-n', namespace(), '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [secret, ...resources] }),
  });
  const file = await mintOperatorAccess(cluster);
  connection = new ApiConnection(() => loadKubeConfig({ kind: 'file', file }));
});
afterAll(() => connection.close());

/** @param part of a resource that is written, such as `/status` */
function clientOf(part = ''): KubernetesClient {
  return new KubernetesClient({
    connection,
    clock: systemClock,
    onRequest: ({ verb, resource, code }) => {
      if (code >= 200 && code < 300) used.add(`${verb} ${resource}${verb === 'patch' ? part : ''}`);
    },
  });
}

async function granted(): Promise<Set<string>> {
  const all = new Set<string>();
  for (const file of ['operator.yaml', 'lease.yaml']) {
    const text = await readFile(`charts/dialops/rbac/${file}`, 'utf8');
    for (const document of parseAllDocuments(text)) {
      const { rules = [] }: { rules?: { resources: string[]; verbs: string[] }[] } = document.toJS();
      for (const { resources: on, verbs } of rules)
        for (const resource of on) for (const verb of verbs) all.add(`${verb} ${resource}`);
    }
  }
  return all;
}

/** All that the operator does with the resources of one kind. */
async function keep(kind: keyof typeof kindNames): Promise<void> {
  const type = plainType('dialops.dev', 'v1alpha1', kindNames[kind].plural, kind);
  const ref = { namespace: namespace(), name };
  const reflector = new Reflector<Resource>({
    ...common,
    client: clientOf(),
    type,
    namespace: namespace(),
  });
  reflector.start();
  await reflector.synced;
  const before = reflector.cache.get(ref);
  if (!before) throw new Error(`there is no ${kind} ${name}`);
  const withFinalizer = { client: clientOf(), type, cache: reflector.cache, finalizer, mayWrite };
  const finalizers = new Finalizers<Resource>(withFinalizer);
  await finalizers.add(before);
  // Written on an old version, as after an edit that was not heard of yet: it is read again.
  const behind = new Cache<Resource>(onError);
  behind.upsert(before);
  const statuses = new StatusWriter<JsonObject, Resource>({
    client: clientOf('/status'),
    type,
    cache: behind,
    mayWrite,
  });
  const status = { observedGeneration: 1 };
  expect(await statuses.write(ref, before.metadata.uid, () => status, { checked: true })).toBe('written');
  await eventually('a watch', () => expect(used).toContain(`watch ${type.plural}`));
  await reflector.stop();
  const current = reflector.cache.get(ref);
  if (current) await finalizers.remove(current);
}

async function elect(): Promise<void> {
  const stop = new AbortController();
  const election = new LeaderElection({
    ...common,
    client: clientOf(),
    namespace: operatorHome,
    name: `dialops-operator-${namespace()}`,
    identity: 'rights',
  });
  await election.run(stop.signal, async () => stop.abort(new Error('elected')));
}

async function tell(): Promise<void> {
  const events = new EventRecorder({
    ...common,
    client: clientOf(),
    controller: 'dialops.dev/operator',
    instance: 'rights',
    redact: (text) => text,
    mayWrite,
    seriesMs: 0,
  });
  const object = await clientOf().get(plainType('dialops.dev', 'v1alpha1', 'userprofiles', 'UserProfile'), {
    namespace: namespace(),
    name,
  });
  for (const _ of [1, 2]) {
    events.record(object, { type: 'Normal', reason: 'Updated', action: 'Update', note: 'a note' });
    await events.flush();
  }
}

/** The report is made, and found by the next process. */
async function report(): Promise<void> {
  const owner = await clientOf().get(phoneSystems, { namespace: namespace(), name });
  for (const message of ['first', 'second']) {
    const writer = new DriftReportWriter({
      client: clientOf('/status'),
      mayWrite,
      onWritten: () => undefined,
    });
    await writer.write(owner, () => ({ conditions: [{ ...condition, message }] }));
  }
}

it('the operator has the rights that it uses, and not one more', async () => {
  for (const kind of ['PhoneSystem', 'UserProfile', 'Extension', 'PrivilegeGrant', 'PortingOrder'] as const)
    await keep(kind);
  await elect();
  await tell();
  await report();
  const secrets = new SecretReader({ client: clientOf(), clock: systemClock });
  await secrets.read(namespace(), keySecret.name, keySecret.key);
  await clientOf().get(plainType('', 'v1', 'namespaces', 'Namespace'), { name: namespace() });
  expect(errors).toEqual([]);
  expect([...used].sort()).toEqual([...(await granted())].sort());
});

it('a right less is one too few: what it is for is refused', async () => {
  const client = clientOf();
  const secrets = plainType('', 'v1', 'secrets', 'Secret');
  await expect(client.list(secrets, { namespace: namespace() })).rejects.toThrow(/forbidden/i);
  const type = plainType('dialops.dev', 'v1alpha1', 'userprofiles', 'UserProfile');
  const body = { ...profile('joan', { site }) };
  await expect(client.create(type, namespace(), body)).rejects.toThrow(/forbidden/i);
});
