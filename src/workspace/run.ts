import type { ObservedAccount } from '../account/objects.ts';
import type { Change, Plan } from '../account/plan.ts';
import { AccountLoop } from '../execution/account-loop.ts';
import type { Settled } from '../execution/host.ts';
import { settingsOf } from '../execution/phone-system-settings.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Transport } from '../foundation/http.ts';
import { RequestBudget } from '../phonesystem/budget.ts';
import { PhoneSystemClient } from '../phonesystem/client.ts';
import type { Offer } from '../phonesystem/discovery.ts';
import { finishingTransport } from '../phonesystem/finishing-transport.ts';
import { readOnlyTransport } from '../phonesystem/read-only-transport.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { FilesHost } from './files-host.ts';
import type { LockStore } from './lock-file.ts';
import type { SecretSource } from './secret-files.ts';

export interface RunOptions {
  /** All that the files hold for this phone system. */
  readonly phoneSystem: PhoneSystem;
  readonly resources: readonly AccountResource[];
  /** Keys of resources that the files hold and that can't be read for a fault of theirs: they are not missing. */
  readonly faulty: ReadonlySet<string>;
  /** False when not even the keys are known of all that can't be read. Default: true. */
  readonly complete?: boolean;
  readonly endpoint: string;
  readonly apiKey: () => Promise<string>;
  readonly transport: Transport;
  readonly lockFile: LockStore;
  readonly secrets: SecretSource;
  readonly clock: Clock;
  readonly random: () => number;
  /** Resources that the lock knows and the files do not hold are removed from the account. */
  readonly prune: boolean;
  readonly approvedRemovals?: string;
  readonly signal: AbortSignal;
  /** Nothing is written, in the account or on the disk. */
  readonly planOnly: boolean;
  /** The part of the plan that is carried out; where absent, all of it. */
  readonly chosen?: (plan: Plan) => Plan;
  /** The account that the key must belong to; the PhoneSystem's word counts before it. */
  readonly customerId?: string;
  readonly onBegun?: (change: Change) => void;
  readonly onUnsent?: (change: Change) => void;
  readonly onSettled?: (change: Change, result: Settled) => void;
  readonly onRetry?: (retry: Retry) => void;
}

export interface Run {
  readonly host: FilesHost;
  readonly plan: Plan;
  /** The account as the run left it. */
  readonly observed: ObservedAccount;
  /** What the endpoint offers beyond the published API. */
  readonly offer: Offer | undefined;
  /** Reads more of the account within the same budget; writes only where the run may. */
  readonly client: PhoneSystemClient;
}

/** So often is tried what failed for a reason that may pass, with some 5, 10 and 20 s in between. */
export const mostTries = 4;
/** And no longer than this in between, in milliseconds: a person or a pipeline waits. */
const longestWaitMs = 60_000;

/** Something failed for a reason that may pass, and is tried again after a while. */
export interface Retry {
  /** Resources that wait for it. */
  readonly failed: number;
  readonly waitMs: number;
  /** From 2 to `of`. */
  readonly attempt: number;
  readonly of: number;
}

/**
 * One run of the loop over files: reads the account, compares, and carries out what may be done unless only the
 * plan is asked for. The same engine and the same decisions as the operator's.
 *
 * @throws LockFileError, ApiError, HostNotAllowed and the signal's reason
 */
export async function runOnce(options: RunOptions): Promise<Run> {
  const { apiKey, clock, endpoint, lockFile, phoneSystem, planOnly, random, signal, transport } = options;
  const settings = settingsOf(phoneSystem);
  const budget = new RequestBudget({ clock, limits: settings.limits });
  const client = new PhoneSystemClient({
    endpoint,
    apiKey,
    transport: planOnly ? readOnlyTransport(transport) : finishingTransport(transport, clock),
    budget,
    clock,
    random,
  });
  const customerId = phoneSystem.spec.customerId ?? options.customerId;
  const host = new FilesHost({
    ...options,
    lock: await lockFile.read(),
    settings,
    readUser: (id, userSignal) => client.get('user', id, { priority: 'sync', signal: userSignal }),
    ...(customerId === undefined ? {} : { customerId }),
    onError: (error) => void loop.stop(error),
  });
  const loop: AccountLoop = new AccountLoop({
    client,
    budget,
    clock,
    random,
    host,
    operationsInFlight: settings.operationsInFlight,
    sync: settings.sync,
    execute: !planOnly,
  });
  const stop = () => void loop.stop(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    let plan = await loop.settle();
    for (let attempt = 2; attempt <= mostTries; attempt++) {
      const passing = host.passing();
      if (passing.length === 0) break;
      const latest = Math.max(...passing.map(({ retryAt }) => retryAt));
      const waitMs = Math.min(longestWaitMs, Math.max(0, latest - clock.now()));
      options.onRetry?.({ failed: passing.length, waitMs, attempt, of: mostTries });
      await clock.sleep(waitMs, signal);
      loop.nudge();
      plan = await loop.settle();
    }
    return { host, plan, observed: loop.view, offer: loop.offer, client };
  } finally {
    signal.removeEventListener('abort', stop);
    await loop.stop();
    if (!planOnly) await lockFile.write(host.lock());
  }
}
