import { type AccountPolicy, defaultPolicy } from '../../../src/account/compile/input.ts';
import type { DesiredAccount } from '../../../src/account/desired.ts';
import type { ObjectType } from '../../../src/account/objects.ts';
import type { Change, Plan } from '../../../src/account/plan.ts';
import { defaultAllowance, isRemoval } from '../../../src/account/removal-guard.ts';
import { Rounds } from '../../../src/account/rounds/rounds.ts';
import { AccountLoop } from '../../../src/execution/account-loop.ts';
import type { Failure } from '../../../src/execution/host.ts';
import type { LoopHost } from '../../../src/execution/loop-host.ts';
import {
  noteBegun,
  noteMade,
  noteOutcome,
  noteSettled,
  noteUnsent,
} from '../../../src/execution/memory-notes.ts';
import { MemoryStore } from '../../../src/execution/memory-store.ts';
import { RemovalLog } from '../../../src/execution/removal-log.ts';
import type { HttpRequest, HttpResponse, Transport } from '../../../src/foundation/http.ts';
import type { JsonObject } from '../../../src/foundation/json.ts';
import { SimulatedClock } from '../../../src/foundation/simulated-clock.ts';
import { RequestBudget } from '../../../src/phonesystem/budget.ts';
import { PhoneSystemClient } from '../../../src/phonesystem/client.ts';
import { finishingTransport } from '../../../src/phonesystem/finishing-transport.ts';
import type { AccountResource } from '../../../src/resources/kinds.ts';
import { referenceTo, resourceKey } from '../../../src/resources/reference.ts';
import type { Company } from '../../../src/sandbox/company.ts';
import { seedCompany } from '../../../src/sandbox/company.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { LastReads } from '../../conformance/last-reads.ts';
import { CheckedRounds } from './checked-rounds.ts';
import { ExchangeTap } from './heard.ts';

export const endpoint = 'http://127.0.0.1:8480/admin-provisioning';
const apiKey = 'a-key-for-tests';
const someone = { userName: 'someone@example.com' };
const controlToken = 'a-control-token-for-tests';

/** Another answer than the phone system gave, or undefined to leave it. */
export type Alter = (request: HttpRequest, answer: HttpResponse) => HttpResponse | undefined;

export interface FlowOptions {
  readonly resources: readonly AccountResource[];
  readonly company?: Company;
  readonly driftPolicy?: 'Correct' | 'Report';
  readonly sandbox?: Partial<SandboxOptions>;
  readonly removals?: { readonly maxCount: number; readonly maxPercent: number };
  readonly secrets?: Readonly<Record<string, string | Uint8Array>>;
  /** As the operator does, for statuses. */
  readonly showsMembers?: boolean;
  /** An object that can not be read is part of the story; elsewhere it fails the test. */
  readonly hasBroken?: boolean;
  /** One way through the network, in milliseconds. */
  readonly networkMs?: number;
  /** Called with the number of each request, before it reaches the phone system and after its answer left it. */
  readonly onRequest?: (number: number, when: 'before' | 'after') => void;
  /** Called once a write is noted, before it is sent. */
  readonly onBegun?: (change: Change) => void;
  /** Whoever stops the loop lets it put its notes in order; otherwise a stop is a crash. */
  readonly stopsCleanly?: boolean;
  /** Each plan is held against one that is made from nothing, which takes long. Default: true. */
  readonly checksRounds?: boolean;
  /** As the CLI does: an operation that takes too long is left to the next run. */
  readonly leavesOverdue?: boolean;
}

/** The real client and engine against the real sandbox, in one process and in simulated time. */
export class Flow {
  readonly clock = new SimulatedClock();
  readonly sandbox: Sandbox;
  readonly budget: RequestBudget;
  readonly client: PhoneSystemClient;
  readonly store = new MemoryStore();
  readonly removals = new RemovalLog([]);
  readonly failures: Failure[] = [];
  /** What was said of operations that took too long. */
  readonly overdue: string[] = [];
  /** What could not be read by itself. */
  readonly unread = new Set<string>();
  readonly sent: { readonly method: string; readonly path: string; readonly body: string }[] = [];
  resources: readonly AccountResource[];
  policy: AccountPolicy = defaultPolicy;
  plan: Plan | undefined;
  desired: DesiredAccount | undefined;
  loop: AccountLoop;
  readonly #options: FlowOptions;
  #alter: Alter | undefined;
  readonly #tap = new ExchangeTap();

  constructor(options: FlowOptions) {
    this.#options = options;
    this.resources = options.resources;
    this.sandbox = createSandbox({
      clock: this.clock,
      seed: 7,
      customerId: '0012J00000TEST0001',
      apiKeys: [{ key: apiKey, name: 'dialops' }],
      company: options.company ?? seedCompany({ users: 1, seed: 7 }),
      controlToken,
      ...options.sandbox,
    });
    this.budget = new RequestBudget({ clock: this.clock });
    this.client = new PhoneSystemClient({
      endpoint,
      apiKey: async () => apiKey,
      transport: options.stopsCleanly ? finishingTransport(this.transport(), this.clock) : this.transport(),
      budget: this.budget,
      clock: this.clock,
      random: () => 0.5,
    });
    this.loop = this.newLoop();
  }

  transport(): Transport {
    const oneWay = this.#options.networkMs ?? 40;
    const reads = new LastReads();
    return async (request, signal) => {
      const { pathname } = new URL(request.url);
      this.sent.push({
        method: request.method,
        path: pathname.replace('/admin-provisioning', ''),
        body: typeof request.body === 'string' ? request.body : '',
      });
      const number = this.sent.length;
      await this.clock.sleep(oneWay, signal);
      this.#options.onRequest?.(number, 'before');
      signal.throwIfAborted();
      const response = await this.#tap.answer(request, reads, (asked) => this.sandbox.handle(asked));
      this.#options.onRequest?.(number, 'after');
      await this.clock.sleep(oneWay, signal);
      return this.#alter?.(request, response) ?? response;
    };
  }

  /** From now on answers are others than the phone system's where `alter` gives one; undefined ends it. */
  tamper(alter: Alter | undefined): void {
    this.#alter = alter;
  }

  /** As after a restart: nothing but what memory holds is known. */
  newLoop(): AccountLoop {
    return new AccountLoop({
      client: this.client,
      budget: this.budget,
      clock: this.clock,
      host: this.#host(),
      random: () => 0.5,
      operationsInFlight: 10,
      sync: { incrementalMs: 60_000, fullMs: 15 * 60_000 },
      showsMembers: this.#options.showsMembers ?? false,
      rounds: this.#options.checksRounds === false ? new Rounds() : new CheckedRounds(),
    });
  }

  #host(): LoopHost {
    // Of thousands of resources, each is learnt and found once, not at every step.
    const found = new Map<string, AccountResource>();
    let learnt: readonly AccountResource[] = [];
    const learn = () => {
      if (learnt === this.resources) return;
      learnt = this.resources;
      found.clear();
      for (const resource of learnt) {
        this.store.learn(resource);
        found.set(`${resource.kind} ${resource.metadata.name}`, resource);
      }
    };
    const find = (ref: { readonly kind: string; readonly name: string }) => {
      learn();
      return found.get(`${ref.kind} ${ref.name}`);
    };
    return {
      resources: () => {
        learn();
        return this.resources;
      },
      memory: () => this.store.snapshot(),
      policy: () => this.policy,
      driftPolicy: () => this.#options.driftPolicy ?? 'Correct',
      removals: () => ({
        ...defaultAllowance,
        ...this.#options.removals,
        recent: this.removals.recent(this.clock.now()),
      }),
      secretRevision: ({ name, key }) =>
        this.#options.secrets?.[`${name}/${key}`] === undefined ? undefined : '1',
      secret: async (_resource, { name, key }) =>
        Buffer.from(this.#options.secrets?.[`${name}/${key}`] ?? ''),
      urgent: () => new Set(),
      suspects: async () => [],
      begin: async (change, pending) => {
        if (pending) noteBegun(this.store, change, pending);
        this.#options.onBegun?.(change);
      },
      unsent: async (change, pending) => {
        if (pending && this.#options.stopsCleanly) noteUnsent(this.store, change);
      },
      remember: async (made) => noteMade(this.store, made),
      accepted: async (change, pending) => noteBegun(this.store, change, pending),
      overdue: (_change, message) => {
        this.overdue.push(message);
        return this.#options.leavesOverdue !== true;
      },
      settled: (change, result) => {
        const made = result.failures.length === 0;
        if (made && this.desired && isRemoval(change, this.desired)) this.removals.add(this.clock.now());
        noteSettled(this.store, change, result, find);
        this.failures.push(...result.failures);
      },
      planned: (plan, desired) => {
        this.plan = plan;
        this.desired = desired;
        for (const outcome of plan.outcomes.values()) noteOutcome(this.store, outcome);
      },
      synced: (result) => {
        if ('error' in result) throw result.error;
      },
      unread: ({ id, type }, error) => {
        if (!this.#options.hasBroken) throw error;
        this.unread.add(`${type}/${id}`);
      },
    };
  }

  /** Ends the loop where it stands, and begins another that knows only what memory holds. */
  async restart(): Promise<void> {
    await this.loop.stop(new Error('crash'));
    this.loop = this.newLoop();
  }

  /** Changes the YAML and lets the loop come to rest. */
  async apply(resources: readonly AccountResource[] = this.resources): Promise<Plan> {
    this.resources = resources;
    this.loop.nudge('edit');
    return this.loop.settle();
  }

  /** Reads the whole account again and lets the loop come to rest. */
  async resync(): Promise<Plan> {
    this.loop.resync();
    return this.loop.settle();
  }

  /** An object as the phone system has it now. */
  async object(type: ObjectType, id: string | undefined): Promise<JsonObject | undefined> {
    if (id === undefined) return undefined;
    return this.client.get(type, id, { priority: 'person', signal: new AbortController().signal });
  }

  /** All objects of a collection as the phone system lists them now. */
  async objects(type: ObjectType): Promise<readonly JsonObject[]> {
    const found: JsonObject[] = [];
    const pages = this.client.list(type, { priority: 'person', signal: new AbortController().signal });
    for await (const page of pages) found.push(...page.objects);
    return found;
  }

  writes(): number {
    return this.sent.filter(({ method }) => method !== 'GET').length;
  }

  reasons(): Record<string, string> {
    return Object.fromEntries(
      [...(this.plan?.outcomes.values() ?? [])].map((outcome) => [
        resourceKey(outcome.resource),
        `${outcome.reason}${outcome.reason === 'Synced' ? '' : `: ${outcome.message}`}`,
      ]),
    );
  }

  externalId(resource: AccountResource): string | undefined {
    return this.store.get(resourceKey(referenceTo(resource))).externalId;
  }

  /** Somebody writes in the web console. */
  async inConsole(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: JsonObject): Promise<void> {
    await this.control('/console', { actor: someone, method, path, body });
  }

  /** Somebody changes a part of an object in the web console. */
  async patchInConsole(path: string, merge: JsonObject): Promise<void> {
    await this.control('/console/patch', { actor: someone, path, merge });
  }

  async control(
    path: string,
    body: unknown = {},
    method: 'POST' | 'GET' | 'DELETE' = 'POST',
  ): Promise<unknown> {
    if (path === '/faults') this.#tap.noteFault(method === 'POST' ? body : undefined);
    const response = await this.sandbox.handle({
      method,
      url: `http://127.0.0.1:8480/_control${path}`,
      headers: { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    });
    if (response.status >= 300) throw new Error(`${path}: ${response.status} ${response.body}`);
    return response.body === '' ? undefined : JSON.parse(response.body);
  }
}
