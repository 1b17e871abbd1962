import { type Clock, systemClock } from '../../foundation/clock.ts';
import type { HttpResponse } from '../../foundation/http.ts';
import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import { finalizer } from '../../resources/annotations.ts';
import type { PhoneSystem, PhoneSystemStatus } from '../../resources/generated/phone-system.ts';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import { type Company, seedCompany } from '../../sandbox/company.ts';
import type { Scope } from '../../sandbox/router.ts';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { AccountManager } from '../account-manager.ts';
import {
  extensions,
  phoneSystems,
  portingOrders,
  privilegeGrants,
  type Stored,
  userProfiles,
} from '../kinds.ts';
import { Cache } from '../kubernetes/cache.ts';
import { KubernetesClient } from '../kubernetes/client.ts';
import { ApiConnection } from '../kubernetes/connection.ts';
import { EventRecorder } from '../kubernetes/events.ts';
import { Finalizers } from '../kubernetes/finalizers.ts';
import { type KubernetesObject, objectPath, type ResourceType, readObject } from '../kubernetes/object.ts';
import { SecretReader } from '../kubernetes/secrets.ts';
import { StatusWriter } from '../kubernetes/status-writer.ts';
import { FakeApiServer } from '../kubernetes/testing/fake-api-server.ts';
import type { Log } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { accountTools } from '../resource-cache.ts';

const namespace = 'acme';
export const endpoint = 'http://127.0.0.1:8480/admin-provisioning';

/** Ten times as fast: delays are made for real phone systems. */
const speed = 10;
const startedAt = systemClock.now();
const fastClock: Clock = {
  now: () => startedAt + (systemClock.now() - startedAt) * speed,
  sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
};

/** A request as one of the phone systems got it. */
export interface Exchange {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The operator's manager of accounts with a fake API server and, behind one endpoint, as many phone systems as there
 * are keys: the vendor's own serves every customer at one address. Time passes by itself, for its requests are real.
 */
export class SmallCluster {
  readonly server: FakeApiServer;
  readonly sent: Exchange[] = [];
  readonly log: string[] = [];
  readonly errors: unknown[] = [];
  readonly company: Company = seedCompany({ users: 1, seed: 7 });
  /** Changes answers on their way. */
  alter: (exchange: Exchange, answer: HttpResponse) => HttpResponse = (_exchange, answer) => answer;
  readonly #phones = new Map<string, Sandbox>();
  readonly #connection: ApiConnection;
  readonly #stopping = new AbortController();
  readonly #phoneSystems = this.#cache<Stored<PhoneSystem>>();
  readonly #profiles = this.#cache<Stored<UserProfile>>();
  readonly #caches = {
    UserProfile: this.#profiles,
    Extension: this.#cacheOf(extensions),
    PrivilegeGrant: this.#cacheOf(privilegeGrants),
    PortingOrder: this.#cacheOf(portingOrders),
  };
  #running: Promise<void> | undefined;

  private constructor(server: FakeApiServer) {
    this.server = server;
    this.#connection = new ApiConnection(() => server.kubeConfig('token-1'));
  }

  static async start(): Promise<SmallCluster> {
    return new SmallCluster(await FakeApiServer.start());
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the test is over'));
    await this.#running;
    this.#connection.close();
    await this.server.stop();
  }

  /**
   * Another customer of the vendor; its key opens its account and no other.
   * @param scopes left out: all of them
   */
  addPhones(key: string, customerId: string, scopes?: readonly Scope[]): Sandbox {
    const sandbox = createSandbox({
      clock: fastClock,
      seed: 7,
      customerId,
      apiKeys: [{ key, name: 'dialops', ...(scopes ? { scopes } : {}) }],
      company: this.company,
      unlimited: true,
      operationLatency: { min: 50, max: 50 },
    });
    this.#phones.set(key, sandbox);
    return sandbox;
  }

  putSecret(name: string, key: string): void {
    const data = { key: Buffer.from(key).toString('base64') };
    this.server.store.put(`/api/v1/namespaces/${namespace}/secrets/${name}`, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace },
      data,
    });
  }

  /** @param name also of the Secret with its key */
  putPhoneSystem(name: string, spec: Partial<PhoneSystem['spec']> = {}, created?: string): void {
    const whole = { endpoint, apiKeySecretRef: { name, key: 'key' }, ...spec };
    this.#put(this.#phoneSystems, phoneSystems, name, { ...whole }, created);
  }

  removePhoneSystem(name: string): void {
    const known = this.phoneSystem(name);
    if (known) this.#phoneSystems.remove(known);
  }

  putProfile(name: string, phoneSystem: string, spec: Partial<UserProfile['spec']> = {}): void {
    this.#put(this.#profiles, userProfiles, name, {
      phoneSystem,
      firstName: 'Jane',
      lastName: 'Example',
      email: `${name}@example.com`,
      site: { name: this.company.sites[0]?.name ?? '' },
      ...spec,
    });
  }

  /** Reason and message of Ready. */
  ready(kind: 'PhoneSystem' | 'UserProfile', name: string): string {
    const found =
      kind === 'PhoneSystem'
        ? this.#phoneSystems.get({ namespace, name })
        : this.#profiles.get({ namespace, name });
    const ready = found?.status?.conditions?.find(({ type }) => type === 'Ready');
    return ready ? `${ready.reason}: ${ready.message}` : 'nothing';
  }

  phoneSystem(name: string): Stored<PhoneSystem> | undefined {
    return this.#phoneSystems.get({ namespace, name });
  }

  /** How often a Secret was read: at each look at an account, its key is. */
  get secretReads(): number {
    return this.server.requests.filter(({ path, verb }) => verb === 'get' && path.includes('/secrets/'))
      .length;
  }

  /** Requests with this key that are no reads. */
  writes(key: string): Exchange[] {
    return this.sent.filter((exchange) => exchange.key === key && exchange.method !== 'GET');
  }

  run(): void {
    const client = new KubernetesClient({ connection: this.#connection, clock: fastClock });
    const onError = (error: unknown) => this.errors.push(error);
    const policy = { mayWrite: () => true, onWritten: () => undefined };
    const note = (message: string) => this.log.push(message);
    const log: Log = { debug: () => undefined, info: note, warn: note, error: note, with: () => log };
    const common = { client, type: phoneSystems, cache: this.#phoneSystems, mayWrite: () => true };
    const manager = new AccountManager({
      phoneSystems: this.#phoneSystems,
      phoneSystemStatus: new StatusWriter<PhoneSystemStatus, Stored<PhoneSystem>>(common),
      phoneSystemFinalizers: new Finalizers({ ...common, finalizer }),
      caches: this.#caches,
      tools: accountTools(client, this.#caches, policy),
      transport: async (request) => {
        const key = request.headers['x-api-key'] ?? '';
        const exchange = {
          key,
          method: request.method,
          path: new URL(request.url).pathname,
          at: fastClock.now(),
        };
        this.sent.push(exchange);
        const phones = this.#phones.get(key);
        const answer = phones ? await phones.handle(request) : { status: 401, headers: {}, body: '{}' };
        return this.alter(exchange, answer);
      },
      // No Secret counts as unchanged: a test does not wait for a cache.
      secrets: new SecretReader({ client, clock: fastClock, maxAgeMs: 0 }),
      events: new EventRecorder({
        client,
        clock: fastClock,
        random: () => 0.5,
        controller: 'dialops.dev/operator',
        instance: 'test',
        redact: (text) => text,
        mayWrite: () => true,
        onError,
      }),
      metrics: createMetrics(),
      log,
      clock: fastClock,
      random: () => 0.5,
      namespaceTerminating: async () => false,
    });
    this.#running = manager.run(this.#stopping.signal);
  }

  #cache<T extends KubernetesObject>(): Cache<T> {
    return new Cache<T>((error) => this.errors.push(error));
  }

  #cacheOf<T extends KubernetesObject>(_type: ResourceType<T>): Cache<T> {
    return this.#cache<T>();
  }

  #put<T extends KubernetesObject>(
    cache: Cache<T>,
    type: ResourceType<T>,
    name: string,
    spec: JsonObject,
    creationTimestamp = '2026-01-05T09:00:00Z',
  ): void {
    const ref = { namespace, name };
    const path = objectPath(type, ref);
    const known = this.server.store.get(path);
    const stored = this.server.store.put(path, {
      ...known,
      apiVersion: `${type.group}/${type.version}`,
      kind: type.kind,
      metadata: { ...ref, creationTimestamp, ...metadataOf(known) },
      spec,
    });
    cache.upsert(readObject(type, stored));
  }
}

function metadataOf(known: JsonObject | undefined): JsonObject {
  const { finalizers, annotations } = { ...(isJsonObject(known?.metadata) ? known.metadata : {}) };
  return {
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}
