import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../foundation/clock.ts';
import type { HttpRequest } from '../foundation/http.ts';
import { isJsonArray, isJsonObject, type JsonObject } from '../foundation/json.ts';
import { seedCompany } from '../sandbox/company.ts';
import { type Listener, listen } from '../sandbox/listen.ts';
import { createSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { extensions, phoneSystems, userProfiles } from './kinds.ts';
import { events } from './kubernetes/events.ts';
import { type KubernetesObject, objectPath, type ResourceType } from './kubernetes/object.ts';
import { FakeApiServer } from './kubernetes/testing/fake-api-server.ts';
import { createLog } from './log.ts';
import { runOperator } from './operator.ts';

vi.setConfig({ testTimeout: 60_000 });

const namespace = 'acme';
const company = seedCompany({ users: 1, seed: 7 });
const site = { name: company.sites[0]?.name ?? '' };

/** Ten times as fast, and it can be put ahead: delays are made for real phone systems. */
const speed = 10;
const startedAt = systemClock.now();
let ahead: number;
const clock: Clock = {
  now: () => startedAt + (systemClock.now() - startedAt) * speed + ahead,
  sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
};

let server: FakeApiServer;
let sandbox: Sandbox;
let phones: Listener;
let folder: string;
let sent: HttpRequest[];
/** Told of each request as it reaches the phone system. */
let seen: (request: HttpRequest) => void;
let lines: string[];
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  ahead = 0;
  [sent, lines] = [[], []];
  seen = () => undefined;
  server = await FakeApiServer.start();
  sandbox = createSandbox({
    clock,
    seed: 7,
    customerId: '0012J00000ACME0001',
    apiKeys: [{ key: 'key-of-acme', name: 'dialops' }],
    company,
    unlimited: true,
    operationLatency: { min: 50, max: 50 },
  });
  const recorded: Sandbox = {
    routes: sandbox.routes,
    close: () => sandbox.close(),
    handle: (request) => {
      sent.push(request);
      seen(request);
      return sandbox.handle(request);
    },
  };
  phones = await listen(recorded);
  folder = await mkdtemp(join(tmpdir(), 'dialops-operator-'));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, server.kubeConfig('token-1').exportConfig());
  put('/api/v1/namespaces/acme/secrets/main', {
    apiVersion: 'v1',
    kind: 'Secret',
    data: { key: Buffer.from('key-of-acme').toString('base64') },
  });
  put('/api/v1/namespaces/acme', { apiVersion: 'v1', kind: 'Namespace' });
  putResource(phoneSystems, 'default', {
    endpoint: phones.endpoint,
    apiKeySecretRef: { name: 'main', key: 'key' },
  });
  stop = new AbortController();
  running = runOperator(
    {
      cluster: { kind: 'file', file },
      leaseNamespace: 'ops',
      identity: 'first',
      allowedHosts: [],
      allowLoopback: true,
      log: createLog({ level: 'info', destination: { write: (line) => lines.push(line) } }),
      clock,
      random: () => 0.5,
    },
    stop.signal,
  );
});

afterEach(async () => {
  stop.abort(new Error('the test is over'));
  await running;
  await phones.close();
  sandbox.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

function put(path: string, object: JsonObject): void {
  server.store.put(path, object);
}

/** Makes or edits a resource; what the operator wrote of it stays. */
function putResource<T extends KubernetesObject>(
  type: ResourceType<T>,
  name: string,
  spec: JsonObject,
): void {
  const path = objectPath(type, { namespace, name });
  const apiVersion = `${type.group}/${type.version}`;
  put(path, {
    apiVersion,
    kind: type.kind,
    metadata: { name, namespace },
    ...server.store.get(path),
    spec,
  });
}

const person = { firstName: 'Jane', lastName: 'Example', email: 'jane@example.com', site };
const line = { userProfileRef: { name: 'jane' }, number: '7201', type: 'UC' };

const becomes = <T extends KubernetesObject>(type: ResourceType<T>, name: string, reason: string) =>
  vi.waitFor(
    () => {
      const found = server.store.get(objectPath(type, { namespace, name }));
      const { conditions, observedGeneration } = isJsonObject(found?.status) ? found.status : {};
      const list = isJsonArray(conditions) ? conditions.filter(isJsonObject) : [];
      expect(list.find((condition) => condition.type === 'Ready')?.reason).toBe(reason);
      const metadata = isJsonObject(found?.metadata) ? found.metadata : {};
      expect(observedGeneration).toBe(metadata.generation);
    },
    { timeout: 30_000, interval: 20 },
  );

const writes = (from = 0) => sent.slice(from).filter(({ method }) => method !== 'GET');
const saidTimes = (message: string) =>
  lines.filter((entry) => entry.includes(`"message":"${message}"`)).length;

it('puts no phone number into an Event, though the path of a change has it', async () => {
  const number = company.phoneNumbers.at(-1)?.id ?? '';
  putResource(userProfiles, 'jane', person);
  putResource(extensions, 'jane', line);
  await becomes(extensions, 'jane', 'Synced');
  putResource(extensions, 'jane', { ...line, phoneNumbers: [{ number }] });
  const notes = () =>
    server.requests.flatMap(({ body, path, verb }) =>
      verb === 'create' && path.includes(events.plural) && isJsonObject(body) ? [String(body.note)] : [],
    );
  const told = () => notes().filter((note) => note.includes('phoneNumbers[phoneNumber='));
  await vi.waitFor(() => expect(told()).not.toEqual([]), { timeout: 30_000, interval: 20 });
  expect(told()[0]).toContain('[phoneNumber=[number]]');
  expect(number).toMatch(/^\+\d{11}$/);
  expect(JSON.stringify(notes())).not.toContain(number.slice(1));
});

it('writes nothing to the account once its Lease has run out, though nothing has told its worker to stop', async () => {
  putResource(userProfiles, 'jane', person);
  await becomes(userProfiles, 'jane', 'Synced');
  // As after a pause of the machine: the time is over, and the timer that ends the term is still to come.
  server.fail({ verb: 'update', path: '/leases/', times: Number.MAX_SAFE_INTEGER, instead: { status: 503 } });
  ahead += 60_000;
  const before = sent.length;
  const ended = saidTimes('no longer leading');
  putResource(userProfiles, 'jane', { ...person, jobTitle: 'Director' });
  await vi.waitFor(() => expect(saidTimes('no longer leading')).toBe(ended + 1), { timeout: 30_000 });
  expect(writes(before)).toEqual([]);
  server.heal();
  await becomes(userProfiles, 'jane', 'Synced');
  expect(writes(before).map(({ method }) => method)).toEqual(['PUT']);
});

it('has a removal counted in the status of the PhoneSystem before it is sent, and sends none that it can not count', async () => {
  putResource(userProfiles, 'jane', { ...person, deletionPolicy: 'Delete' });
  await becomes(userProfiles, 'jane', 'Synced');
  const counted = () => {
    const found = server.store.get(objectPath(phoneSystems, { namespace, name: 'default' }));
    const { recentRemovals } = isJsonObject(found?.status) ? found.status : {};
    const entries = isJsonArray(recentRemovals) ? recentRemovals.filter(isJsonObject) : [];
    return entries.reduce((sum, { count }) => sum + Number(count), 0);
  };
  const countedAtSending: number[] = [];
  seen = ({ method }) => {
    if (method === 'DELETE') countedAtSending.push(counted());
  };
  const down = { times: Number.MAX_SAFE_INTEGER, instead: { status: 500 } };
  server.fail({ verb: 'patch', path: '/phonesystems/', ...down });
  const path = objectPath(userProfiles, { namespace, name: 'jane' });
  const { metadata, ...rest } = server.store.get(path) ?? {};
  const deletionTimestamp = new Date(clock.now()).toISOString();
  put(path, { ...rest, metadata: { ...(isJsonObject(metadata) ? metadata : {}), deletionTimestamp } });
  await becomes(userProfiles, 'jane', 'Unreachable');
  expect(countedAtSending).toEqual([]);
  server.heal();
  await vi.waitFor(() => expect(countedAtSending).toHaveLength(1), { timeout: 30_000, interval: 20 });
  expect(countedAtSending).toEqual([1]);
});
