import { isJsonObject, type Json, type JsonObject } from '../../src/foundation/json.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import type { Company } from '../../src/sandbox/company.ts';
import { Flow } from '../flows/support/account.ts';
import { companyOf, declaredAsIs, type Size } from './company.ts';

/** What the sandbox counted during one scenario. */
export interface Counts {
  readonly requests: number;
  readonly writes: number;
  readonly rateLimited: number;
  readonly overInFlight: number;
  /** By route, such as `GET /users`. */
  readonly byRoute: Readonly<Record<string, number>>;
}

export interface Measured {
  readonly counts: Counts;
  /** Simulated. */
  readonly minutes: number;
}

/** How long operations take, in milliseconds; `share` of them take `tailMs`. */
export interface Latency {
  readonly min: number;
  readonly max: number;
  readonly tail?: { readonly share: number; readonly ms: number };
}

const minuteMs = 60_000;

/** A company under management, in simulated time, and the sandbox's own counts of what is done to it. */
export class BenchAccount {
  readonly company: Company;
  readonly flow: Flow;
  readonly declared: readonly AccountResource[];
  driftPolicy: 'Correct' | 'Report' = 'Correct';
  rateLimited = 0;

  private constructor(size: Size, sparseRows: boolean, seed: number) {
    this.company = companyOf(size);
    this.declared = declaredAsIs(this.company);
    const policy = () => this.driftPolicy;
    this.flow = new Flow({
      resources: this.declared,
      company: this.company,
      sandbox: { sparseRows, seed },
      checksRounds: false,
      get driftPolicy() {
        return policy();
      },
    });
  }

  /**
   * Resolves once the account has been read and found to be as declared.
   *
   * @param seed of the sandbox's chance: how long each operation takes
   */
  static async start(size: Size, sparseRows: boolean, seed = 7): Promise<BenchAccount> {
    const account = new BenchAccount(size, sparseRows, seed);
    await account.flow.apply();
    const plan = account.flow.plan;
    if (plan?.changes.length !== 0)
      throw new Error('The company is not as declared: its declaration is wrong');
    return account;
  }

  /** Long enough that nothing sent before is in a limit's window. */
  async rest(): Promise<void> {
    await this.flow.clock.sleep(minuteMs + 1_000);
  }

  async measure(work: () => Promise<unknown>): Promise<Measured> {
    await this.flow.control('/stats', {}, 'DELETE');
    const startedAt = this.flow.clock.now();
    await work();
    const minutes = (this.flow.clock.now() - startedAt) / minuteMs;
    const counts = countsOf(await this.flow.control('/stats', {}, 'GET'));
    this.rateLimited += counts.rateLimited;
    return { counts, minutes };
  }

  async setLatency({ min, max, tail }: Latency): Promise<void> {
    await this.flow.control('/settings', { latencyMs: { min, max }, tail: tail ?? { share: 0, ms: 0 } });
  }

  /** Somebody changes an object in the console. */
  async patch(path: string, merge: JsonObject, keepLastUpdatedTime = false): Promise<void> {
    await this.flow.control('/console/patch', { actor, path, merge, keepLastUpdatedTime });
  }

  async remove(path: string): Promise<void> {
    await this.flow.control('/console', { actor, method: 'DELETE', path });
  }
}

const actor = { userName: 'someone@example.com' };

function countsOf(answer: unknown): Counts {
  const stats = member(answer, '');
  const byRoute = numbers(member(stats, 'requests'));
  return {
    requests: Object.values(byRoute).reduce((sum, count) => sum + count, 0),
    writes: numbers(stats).writes ?? 0,
    rateLimited: numbers(member(stats, 'responses'))['429'] ?? 0,
    overInFlight: numbers(member(stats, 'operations')).overInFlight ?? 0,
    byRoute,
  };
}

function member(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null) throw new Error('The sandbox gave no statistics');
  const found: unknown = name === '' ? value : Object.entries(value).find(([key]) => key === name)?.[1];
  const json: Json = JSON.parse(JSON.stringify(found ?? {}));
  return isJsonObject(json) ? json : {};
}

function numbers(value: JsonObject): Record<string, number> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, count]) => (typeof count === 'number' ? [[name, count]] : [])),
  );
}
