import { afterAll, beforeAll } from 'vitest';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../src/foundation/json.ts';
import type { Company } from '../../../src/sandbox/company.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import { type EventuallyOptions, eventually } from '../eventually.ts';
import { kubectlOutput } from '../kubectl.ts';
import { testCluster, useNamespace } from '../test-cluster.ts';
import { installRbac, type StartOptions, TestOperator } from './operator-process.ts';
import { TestPhoneSystem } from './phone-system.ts';

export const apiVersion = 'dialops.dev/v1alpha1';
export const keySecret = { name: 'phone-system-key', key: 'api-key' };

export interface WorkplaceOptions {
  readonly prefix: string;
  readonly company: Company;
  readonly sandbox?: Partial<SandboxOptions>;
  /** Of the PhoneSystem `default`; false: the test makes its own. */
  readonly phoneSystem?: JsonObject | false;
  /** False: the test starts the operator itself. */
  readonly startOperator?: boolean;
}

/** Condition as kubectl shows it. */
export interface ConditionShown {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** A namespace with a phone system and an operator of its own, driven with kubectl as a person would. */
export class Workplace {
  readonly cluster: ClusterAccess = testCluster();
  readonly #options: WorkplaceOptions;
  readonly #namespace: () => string;
  readonly #operators: TestOperator[] = [];
  #phones: TestPhoneSystem | undefined;

  constructor(options: WorkplaceOptions) {
    this.#options = options;
    this.#namespace = useNamespace(this.cluster, options.prefix);
    beforeAll(() => this.#begin());
    afterAll(() => this.#end());
  }

  get namespace(): string {
    return this.#namespace();
  }

  get phones(): TestPhoneSystem {
    if (!this.#phones) throw new Error('the phone system starts with the hooks');
    return this.#phones;
  }

  /** The operator that was started last. */
  get operator(): TestOperator {
    const operator = this.#operators.at(-1);
    if (!operator) throw new Error('no operator was started');
    return operator;
  }

  async #begin(): Promise<void> {
    const { company, phoneSystem = {}, sandbox, startOperator = true } = this.#options;
    this.#phones = await TestPhoneSystem.start(company, sandbox);
    await installRbac(this.cluster);
    await this.secret(keySecret.name, { [keySecret.key]: this.phones.apiKey });
    if (phoneSystem !== false) await this.apply(this.phoneSystem('default', phoneSystem));
    if (startOperator) await this.startOperator();
  }

  async #end(): Promise<void> {
    for (const operator of this.#operators) {
      await operator.stop();
    }
    await this.#phones?.stop();
  }

  async startOperator(options: Partial<StartOptions> = {}): Promise<TestOperator> {
    const operator = await TestOperator.start(this.cluster, { namespace: this.namespace, ...options });
    this.#operators.push(operator);
    return operator;
  }

  /** With limits that are no concern here, and looking every second or two. */
  phoneSystem(name: string, spec: JsonObject = {}): JsonObject {
    return {
      apiVersion,
      kind: 'PhoneSystem',
      metadata: { name },
      spec: {
        endpoint: this.phones.endpoint,
        apiKeySecretRef: keySecret,
        limits: { requestsPerMinute: 60_000, burstRequests: 10_000, burstSeconds: 10 },
        sync: { incremental: '1s', full: '3s' },
        ...spec,
      },
    };
  }

  async kubectl(...args: readonly string[]): Promise<string> {
    return kubectlOutput(this.cluster.kubectl, [...args, '-n', this.namespace]);
  }

  async apply(...objects: readonly JsonObject[]): Promise<void> {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    await kubectlOutput(this.cluster.kubectl, ['apply', '-n', this.namespace, '-f', '-'], {
      input: JSON.stringify(list),
    });
  }

  /** Makes a Secret, or gives it another content. */
  async secret(name: string, content: Readonly<Record<string, string>>): Promise<void> {
    await this.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { ...content } });
  }

  /** `kubectl patch --type=merge`. */
  async patch(resource: string, merge: JsonObject): Promise<void> {
    await this.kubectl('patch', resource, '--type=merge', '-p', JSON.stringify(merge));
  }

  async annotate(resource: string, name: string, value: string | undefined): Promise<void> {
    const change = value === undefined ? `${name}-` : `${name}=${value}`;
    await this.kubectl('annotate', resource, change, '--overwrite');
  }

  /** A resource such as `userprofile/jane`; undefined when it is gone. */
  async find(resource: string): Promise<JsonObject | undefined> {
    const args = ['get', resource, '-n', this.namespace, '-o', 'json', '--ignore-not-found'];
    const text = await kubectlOutput(this.cluster.kubectl, args);
    if (text.trim() === '') return undefined;
    const object: Json = JSON.parse(text);
    return isJsonObject(object) ? object : undefined;
  }

  async get(resource: string): Promise<JsonObject> {
    const object = await this.find(resource);
    if (!object) throw new Error(`there is no ${resource}`);
    return object;
  }

  async status(resource: string): Promise<JsonObject> {
    return member(await this.get(resource), 'status');
  }

  async all(kind = 'dialops'): Promise<readonly JsonObject[]> {
    const list: Json = JSON.parse(await this.kubectl('get', kind, '-o', 'json'));
    return isJsonObject(list) && isJsonArray(list.items) ? list.items.filter(isJsonObject) : [];
  }

  async condition(resource: string, type = 'Ready'): Promise<ConditionShown | undefined> {
    return conditionsOf(await this.get(resource)).find((condition) => condition.type === type);
  }

  /** Waits until Ready has this reason, for the spec as it is now; returns its message. */
  async becomes(resource: string, reason: string, options: EventuallyOptions = {}): Promise<string> {
    return eventually(
      `${resource} to become ${reason}`,
      async () => {
        const object = await this.get(resource);
        const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
        const seen = member(object, 'status').observedGeneration;
        if (ready?.reason !== reason || seen !== member(object, 'metadata').generation)
          throw new Error(
            `${resource} is ${ready?.reason ?? 'without a condition'}: ${ready?.message ?? ''}`,
          );
        return ready.message;
      },
      options,
    );
  }

  async isGone(resource: string, options: EventuallyOptions = {}): Promise<void> {
    await eventually(
      `${resource} to be gone`,
      async () => {
        const object = await this.find(resource);
        if (object) throw new Error(JSON.stringify({ metadata: object.metadata, status: object.status }));
      },
      options,
    );
  }

  /** `kubectl wait`, for resources that exist; says which are not Ready when it waited in vain. */
  async waitFor(condition: string, ...resources: readonly string[]): Promise<void> {
    const args = [
      'wait',
      `--for=condition=${condition}`,
      '--timeout=90s',
      '-n',
      this.namespace,
      ...resources,
    ];
    const { exitCode, stderr } = await this.cluster.kubectl(args, { timeoutMs: 100_000 });
    if (exitCode === 0) return;
    throw new Error([stderr.trim(), ...(await this.unready())].join('\n'));
  }

  /** A line for each resource that is not Ready. */
  async unready(): Promise<readonly string[]> {
    return (await this.all()).flatMap((object) => {
      const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
      if (ready?.status === 'True') return [];
      const { name } = member(object, 'metadata');
      return [
        `${String(object.kind)}/${String(name)} ${ready?.reason ?? 'untouched'}: ${ready?.message ?? ''}`,
      ];
    });
  }

  /** Every Event of a resource, as `reason: note`. */
  async events(resource: string): Promise<readonly string[]> {
    const object = await this.get(resource);
    const uid = member(object, 'metadata').uid;
    const list: Json = JSON.parse(await this.kubectl('get', 'events.events.k8s.io', '-o', 'json'));
    const items = isJsonObject(list) && isJsonArray(list.items) ? list.items.filter(isJsonObject) : [];
    return items
      .filter((event) => member(event, 'regarding').uid === uid)
      .map((event) => `${String(event.reason)}: ${String(event.note)}`);
  }

  /** Waits for an Event of a resource, as `reason: note`. */
  async tells(resource: string, event: RegExp): Promise<void> {
    await eventually(`${resource} to tell ${event}`, async () => {
      const events = await this.events(resource);
      if (!events.some((told) => event.test(told))) throw new Error(`it told ${JSON.stringify(events)}`);
    });
  }

  /** `kind/name version` of all resources. */
  async resourceVersions(): Promise<readonly string[]> {
    return (await this.all()).map((object) => {
      const { name, resourceVersion } = member(object, 'metadata');
      return `${String(object.kind)}/${String(name)} ${String(resourceVersion)}`;
    });
  }

  /** Waits until every write has ended and its end is recorded. */
  async comesToRest(): Promise<void> {
    await eventually('all writes to end', async () => {
      for (const object of await this.all()) {
        const { pending } = member(member(object, 'status'), 'memory');
        if (pending !== undefined)
          throw new Error(`${String(member(object, 'metadata').name)}: ${JSON.stringify(pending)}`);
      }
      // Of an update nothing stands in a status; its values may show before the operator has heard of its end.
      // A test that kills operators has them in its own hands.
      const operator = this.#operators.at(-1);
      if (!operator) return;
      const { text } = await operator.page('/metrics');
      const inFlight = [...text.matchAll(/^dialops_phone_system_operations_in_flight\{.*\} (\d+)$/gm)];
      if (inFlight.length === 0 || inFlight.some(([, count]) => count !== '0'))
        throw new Error(`in flight: ${inFlight.join(', ')}`);
    });
  }

  /** Waits until some rounds over the account have been made from now on, by what the phone system was asked. */
  async rounds(count = 3): Promise<void> {
    const reads = async () => (await this.phones.stats()).requests['GET /users'] ?? 0;
    const before = await reads();
    await eventually(`${count} more rounds`, async () => {
      if ((await reads()) < before + count) throw new Error('not yet');
    });
  }
}

export function member(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

export function conditionsOf(object: JsonObject): readonly ConditionShown[] {
  const { conditions } = member(object, 'status');
  if (!isJsonArray(conditions)) return [];
  return conditions.filter(isJsonObject).map((condition) => ({
    type: String(condition.type),
    status: String(condition.status),
    reason: String(condition.reason),
    message: String(condition.message),
  }));
}
