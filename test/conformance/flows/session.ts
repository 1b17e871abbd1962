import type { Clock } from '../../../src/foundation/clock.ts';
import type { JsonObject } from '../../../src/foundation/json.ts';
import {
  publishedRequestLimits,
  RequestBudget,
  type RequestLimits,
} from '../../../src/phonesystem/budget.ts';
import { PhoneSystemClient, type RequestOptions } from '../../../src/phonesystem/client.ts';
import { ApiError } from '../../../src/phonesystem/errors.ts';
import { fetchTransport } from '../../../src/phonesystem/transport.ts';
import { primaryAdministrator, seedCompany } from '../../../src/sandbox/company.ts';
import { extensionsModule } from '../../../src/sandbox/extensions/module.ts';
import { seededRandom } from '../../../src/sandbox/ids.ts';
import { type Listener, listen } from '../../../src/sandbox/listen.ts';
import type { Scope } from '../../../src/sandbox/router.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { acceleratedClock } from '../accelerated-clock.ts';
import { Recorder } from '../recorder.ts';

export const customerId = '0012J00042NkZQIQA3';

/** Keys of the sandbox, and what each may do. */
const keys = {
  /** All scopes. */
  full: 'conformance-full',
  /** None of the administration's scopes. */
  scopeless: 'conformance-scopeless',
  /** All scopes, for a client that does not keep to the limits. */
  greedy: 'conformance-greedy',
  /** Not known to the sandbox. */
  revoked: 'conformance-revoked',
} as const;
export type KeyName = keyof typeof keys;

const auditOnly: readonly Scope[] = ['Audit Records'];
const controlToken = 'conformance-control';
const speed = 50;
const deadlineMs = 240_000;

/** What the sandbox is told to do to the next matching request. */
export interface Fault {
  readonly method: string;
  /** Path below the base path, exactly. */
  readonly path: string;
  readonly status: number;
}

/** A running sandbox on a loopback port, and clients whose exchanges are recorded. */
export class Session {
  readonly clock: Clock = acceleratedClock(speed);
  readonly recorder: Recorder;
  readonly endpoint: string;
  readonly client: PhoneSystemClient;
  readonly options: RequestOptions;
  readonly #origin: string;
  readonly #sandbox: Sandbox;
  readonly #listener: Listener;
  readonly #abort = new AbortController();
  readonly random = seededRandom(11);

  private constructor(sandbox: Sandbox, listener: Listener) {
    this.#sandbox = sandbox;
    this.#listener = listener;
    this.#origin = listener.origin;
    this.endpoint = listener.endpoint;
    this.recorder = new Recorder(fetchTransport({ allowLoopback: true }));
    this.options = {
      priority: 'write',
      signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(deadlineMs)]),
    };
    this.client = this.clientWith('full');
  }

  static async start(): Promise<Session> {
    const sandbox = createSandbox({
      clock: acceleratedClock(speed),
      seed: 5,
      customerId,
      apiKeys: [
        { key: keys.full, name: 'automation' },
        { key: keys.scopeless, name: 'scopeless', scopes: auditOnly },
        { key: keys.greedy, name: 'greedy' },
      ],
      company: seedCompany({ users: 12, seed: 5, ringGroups: 2 }),
      unlimited: true,
      controlToken,
      modules: [extensionsModule],
    });
    return new Session(sandbox, await listen(sandbox));
  }

  /** A client with one of the keys and, so that the limits are the sandbox's to enforce, a boundless budget. */
  clientWith(key: KeyName): PhoneSystemClient {
    const limits = { perMinute: 100_000, burst: { requests: 100_000, perMs: 1_000 } };
    return this.#connect(key, limits).client;
  }

  /** A client that keeps to the published limits, and its budget. */
  thrifty(): { readonly client: PhoneSystemClient; readonly budget: RequestBudget } {
    return this.#connect('full', publishedRequestLimits);
  }

  #connect(key: KeyName, limits: RequestLimits) {
    const budget = new RequestBudget({ clock: this.clock, limits });
    const client = new PhoneSystemClient({
      endpoint: this.endpoint,
      apiKey: () => Promise.resolve(keys[key]),
      transport: this.recorder.transport,
      budget,
      clock: this.clock,
      random: this.random,
    });
    return { client, budget };
  }

  /** Polls an operation to its end. */
  async finished(operationId: string): Promise<{ readonly status: string; readonly resourceId?: string }> {
    for (;;) {
      await this.clock.sleep(1_500, this.options.signal);
      const state = await this.client.operation(operationId, this.options);
      if (state.status === 'COMPLETED' || state.status === 'FAILED') return state;
    }
  }

  /** Runs `work` with the next matching request answered with that status. */
  async withFault(fault: Fault, work: () => Promise<unknown>): Promise<void> {
    const path = `^${fault.path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
    await this.control('POST', '/faults', {
      match: { method: fault.method, path },
      times: 1,
      respond: { status: fault.status },
    });
    await this.recorder.duringFault(fault.status, () => refusedOrNot(work()));
    await this.control('DELETE', '/faults');
  }

  /** Calls the control API, which is no part of what is recorded. */
  async control(method: 'POST' | 'DELETE', path: string, body: JsonObject = {}): Promise<void> {
    const response = await fetch(`${this.#origin}/_control${path}`, {
      method,
      headers: { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: this.options.signal,
    });
    if (!response.ok)
      throw new Error(`control ${method} ${path}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }

  /** Changes an object as the primary administrator in the web console would. */
  async changeInConsole(path: string, merge: JsonObject): Promise<void> {
    await this.control('POST', '/console/patch', { actor: { userName: primaryAdministrator }, path, merge });
  }

  async close(): Promise<void> {
    this.#abort.abort(new Error('the conformance run is over'));
    await this.#listener.close();
    this.#sandbox.close();
  }
}

/** Waits for a request that may be refused by the phone system; any other failure is one of the run. */
export async function refusedOrNot(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Waits for a request that must be refused with this status. */
export async function refused(status: number, request: Promise<unknown>): Promise<void> {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError && error.status === status) return;
  if (error !== undefined && !(error instanceof ApiError)) throw error;
  const got = error instanceof ApiError ? `${error.status}: ${error.message}` : 'success';
  throw new Error(`expected the phone system to answer ${status}, got ${got}`);
}
