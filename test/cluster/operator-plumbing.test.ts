import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/foundation/clock.ts';
import type { JsonObject } from '../../src/foundation/json.ts';
import { isApiError } from '../../src/operator/kubernetes/api-error.ts';
import { KubernetesClient } from '../../src/operator/kubernetes/client.ts';
import { ApiConnection } from '../../src/operator/kubernetes/connection.ts';
import { EventRecorder } from '../../src/operator/kubernetes/events.ts';
import { Finalizers } from '../../src/operator/kubernetes/finalizers.ts';
import { loadKubeConfig } from '../../src/operator/kubernetes/kube-config.ts';
import { LeaderElection } from '../../src/operator/kubernetes/lease.ts';
import { type KubernetesObject, plainType } from '../../src/operator/kubernetes/object.ts';
import { Reflector } from '../../src/operator/kubernetes/reflector.ts';
import { SecretReader, secretVersions } from '../../src/operator/kubernetes/secrets.ts';
import { StatusWriter, type WithStatus } from '../../src/operator/kubernetes/status-writer.ts';
import { testCluster, useNamespace } from './test-cluster.ts';

type Profile = JsonObject & WithStatus<JsonObject> & KubernetesObject;
const profiles = plainType('dialops.dev', 'v1alpha1', 'userprofiles', 'UserProfile');

const cluster = testCluster();
const namespace = useNamespace(cluster, 'plumbing');
const errors: unknown[] = [];
const onError = (error: unknown) => errors.push(error);
const random = () => 0.5;
const clock = systemClock;

let connection: ApiConnection;
let client: KubernetesClient;
let reflector: Reflector<Profile>;

beforeAll(async () => {
  connection = new ApiConnection(() => loadKubeConfig({ kind: 'file', file: cluster.adminKubeconfig }));
  client = new KubernetesClient({ connection, clock });
  reflector = new Reflector<Profile>({
    client,
    clock,
    random,
    onError,
    type: profiles,
    namespace: namespace(),
    pageSize: 2,
  });
});

afterAll(async () => {
  await reflector.stop();
  connection.close();
});

async function create(name: string): Promise<Profile> {
  const body = {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'UserProfile',
    metadata: { name, namespace: namespace() },
    spec: { firstName: 'Ada', lastName: 'Example', email: `${name}@example.com`, site: { name: 'San Jose' } },
  };
  return await client.create(profiles, namespace(), body);
}

const cached = (name: string) => reflector.cache.get({ namespace: namespace(), name });
const ref = (name: string) => ({ namespace: namespace(), name });
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

function ready(object: Profile, reason: string): JsonObject {
  const observedGeneration = object.metadata.generation ?? 1;
  const lastTransitionTime = '2026-01-05T00:00:00Z';
  const condition = {
    type: 'Ready',
    status: 'True',
    reason,
    message: 'm',
    observedGeneration,
    lastTransitionTime,
  };
  return { observedGeneration, conditions: [condition] };
}

describe('the plumbing on a real API server', () => {
  it('lists in pages, then follows changes, deletions and recreations', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name);
    reflector.start();
    await reflector.synced;
    expect(reflector.cache.size).toBe(5);
    expect(cached('a')?.metadata).not.toHaveProperty('managedFields');
    const before = cached('a')?.metadata.uid;
    await client.delete(profiles, ref('a'));
    const again = await create('a');
    await eventually(() => expect(cached('a')?.metadata.uid).toBe(again.metadata.uid));
    expect(again.metadata.uid).not.toBe(before);
    expect(errors).toEqual([]);
  });

  it('writes a status once, hears its echo once at most, and refuses a stale checked write cleanly', async () => {
    const object = await create('status');
    await eventually(() => expect(cached('status')).toBeDefined());
    const heard: string[] = [];
    const unsubscribe = reflector.cache.subscribe((change) => heard.push(change.object.metadata.name));
    const writer = new StatusWriter<JsonObject, Profile>({
      client,
      type: profiles,
      cache: reflector.cache,
      mayWrite: () => true,
    });
    const { uid } = object.metadata;
    expect(await writer.write(ref('status'), uid, (each) => ready(each, 'Synced'))).toBe('written');
    expect(await writer.write(ref('status'), uid, (each) => ready(each, 'Synced'))).toBe('unchanged');
    await create('marker');
    await eventually(() => expect(heard).toContain('marker'));
    // The watch may overtake the answer to the write; what it tells then is told once, and asks for no write.
    expect(heard.filter((name) => name === 'status').length).toBeLessThanOrEqual(1);
    expect(await writer.write(ref('status'), uid, (each) => ready(each, 'Synced'))).toBe('unchanged');
    unsubscribe();

    const stale = new StatusWriter<JsonObject, Profile>({
      client,
      type: profiles,
      cache: { ...staleCache(object), absorb: () => undefined },
      mayWrite: () => true,
    });
    const versions: string[] = [];
    const outcome = await stale.write(
      ref('status'),
      uid,
      (each) => {
        versions.push(each.metadata.resourceVersion);
        return ready(each, 'Checked');
      },
      { checked: true },
    );
    expect(outcome).toBe('written');
    expect(new Set(versions).size).toBe(2);
    await client.delete(profiles, ref('status'));
    await create('status');
    expect(await stale.write(ref('status'), uid, (each) => ready(each, 'Late'))).toBe('gone');
  });

  it('reports a status that breaks the schema as invalid', async () => {
    const object = await create('invalid');
    const writer = new StatusWriter<JsonObject, Profile>({
      client,
      type: profiles,
      cache: staleCache(object),
      mayWrite: () => true,
    });
    const { uid } = object.metadata;
    const error = await writer
      .write(ref('invalid'), uid, () => ({ conditions: [{ type: 'Ready', status: 'Maybe' }] }))
      .catch((each: unknown) => each);
    expect(isApiError(error, 'invalid')).toBe(true);
  });

  it('adds and removes a finalizer, and the object goes', async () => {
    const finalizer = 'dialops.dev/finalizer';
    const object = await create('finalized');
    const finalizers = new Finalizers({ client, type: profiles, cache: reflector.cache, finalizer });
    const held = await finalizers.add(object);
    expect(held?.metadata.finalizers).toEqual([finalizer]);
    await client.delete(profiles, ref('finalized'));
    await eventually(() => expect(cached('finalized')?.metadata.deletionTimestamp).toBeDefined());
    expect(await finalizers.add(object)).toBeUndefined();
    await finalizers.remove(await client.get(profiles, ref('finalized')));
    await eventually(() => expect(cached('finalized')).toBeUndefined());
  });

  it('10. elects a leader, renews, and hands over on shutdown', async () => {
    const leases = plainType('coordination.k8s.io', 'v1', 'leases', 'Lease');
    const election = (identity: string) =>
      new LeaderElection({
        client,
        clock,
        random,
        onError,
        namespace: namespace(),
        name: 'writer',
        identity,
        retryMs: 100,
      });
    const leaders: string[] = [];
    const run = (identity: string) => {
      const stop = new AbortController();
      const ended = election(identity).run(stop.signal, async (term) => {
        leaders.push(identity);
        await new Promise<void>((resolve) => term.signal.addEventListener('abort', () => resolve()));
      });
      return { stop, ended };
    };
    const first = run('first');
    await eventually(() => expect(leaders).toEqual(['first']));
    const second = run('second');
    const version = (await client.get(leases, ref('writer'))).metadata.resourceVersion;
    await vi.waitFor(
      async () =>
        expect((await client.get(leases, ref('writer'))).metadata.resourceVersion).not.toBe(version),
      { timeout: 20_000 },
    );
    first.stop.abort();
    await first.ended;
    await eventually(() => expect(leaders).toEqual(['first', 'second']));
    second.stop.abort();
    await second.ended;
    expect(errors).toEqual([]);
  });

  it('10. writes Events that kubectl shows, as a series when they repeat', async () => {
    const object = await create('eventful');
    const recorder = new EventRecorder({
      client,
      clock,
      random,
      onError,
      redact: (text) => text,
      controller: 'dialops.dev/operator',
      instance: 'operator-0',
      seriesMs: 0,
    });
    const drifted = { type: 'Warning' as const, reason: 'Drifted', action: 'Compare', note: 'title differs' };
    for (let index = 0; index < 3; index += 1) {
      recorder.record(object, drifted);
      await recorder.flush();
    }
    expect(errors).toEqual([]);
    const shown = await cluster.kubectl(['describe', 'userprofile', 'eventful', '-n', namespace()]);
    expect(shown.stdout).toMatch(/Warning\s+Drifted.*title differs/);
    const events = plainType('events.k8s.io', 'v1', 'events', 'Event');
    const page = await client.list(events, { namespace: namespace() });
    expect(page.items).toContainEqual(
      expect.objectContaining({ series: expect.objectContaining({ count: 3 }) }),
    );
  });

  it('notices the rotation of a Secret through a watch that carries no data', async () => {
    const secrets = plainType('', 'v1', 'secrets', 'Secret');
    const body = (value: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key', namespace: namespace() },
      stringData: { value },
    });
    await client.create(secrets, namespace(), body('one'));
    const versions = new Reflector({
      client,
      clock,
      random,
      onError,
      type: secretVersions,
      namespace: namespace(),
    });
    versions.start();
    await versions.synced;
    expect(versions.cache.get(ref('key'))).not.toHaveProperty('data');
    const reader = new SecretReader({ client, clock, versions: () => versions.cache });
    const read = async () => {
      const secret = await reader.read(namespace(), 'key', 'value');
      return secret.found ? secret.value.toString() : secret.reason;
    };
    expect(await read()).toBe('one');
    await client.patch(secrets, ref('key'), { type: 'merge', merge: { stringData: { value: 'two' } } });
    await vi.waitFor(async () => expect(await read()).toBe('two'), { timeout: 20_000 });
    await versions.stop();
  });

  it('stores nothing in a dry run, though the server checks the write', async () => {
    const dry = new KubernetesClient({ connection, clock, dryRun: true });
    const patch = { type: 'merge' as const, merge: { spec: { jobTitle: 'Engineer' } } };
    expect((await dry.patch(profiles, ref('b'), patch)).spec).toMatchObject({ jobTitle: 'Engineer' });
    expect((await client.get(profiles, ref('b'))).spec).not.toHaveProperty('jobTitle');
  });

  it('11. works with a service account’s token, and says forbidden where RBAC does', async () => {
    const token = await cluster.mintToken({ namespace: namespace(), name: 'default' });
    const file = await cluster.kubeconfigFor(token);
    expect(await readFile(file, 'utf8')).toContain(token);
    const own = new ApiConnection(() => loadKubeConfig({ kind: 'file', file }));
    const limited = new KubernetesClient({ connection: own, clock });
    const error = await limited.get(profiles, ref('b')).catch((each: unknown) => each);
    expect(isApiError(error, 'forbidden')).toBe(true);
    own.close();
  });
});

function staleCache(object: Profile) {
  return {
    size: 1,
    get: () => object,
    list: () => [object],
    subscribe: () => () => undefined,
    absorb: () => undefined,
  };
}
