import { AccountView } from '../../account/account-view.ts';
import { openReads } from '../../account/decompile/open-reads.ts';
import { type ObjectType, objectTypes } from '../../account/objects.ts';
import { findCustomerId } from '../../execution/account-identity.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { PhoneSystemClient } from '../../phonesystem/client.ts';
import { readAccount } from '../../phonesystem/snapshot.ts';

/** Without these nothing can be said of them, but everything else can. */
const onlyCounted: ReadonlySet<ObjectType> = new Set(['ringGroup', 'phoneNumber', 'address']);
/** Mail that was sent once is no state. */
const notAsked: ReadonlySet<ObjectType> = new Set(['invitation']);
const readsAtOnce = 4;

export interface WholeAccount {
  readonly account: AccountView;
  /** Absent when there is nobody who says it. */
  readonly customerId?: string;
}

export interface ReadWholeOptions {
  readonly client: PhoneSystemClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** False: what list rows leave out stays unknown. Default: true. */
  readonly singles?: boolean;
  /** Objects read by themselves so far, of all that need it. */
  readonly onSingle?: (done: number, of: number) => void;
}

/** Part of the account can't be read: what would be written is not the whole. */
export class AccountNotReadError extends Error {
  override readonly name = 'AccountNotReadError';
}

/**
 * Reads all of an account: the lists, and one by one what their rows leave out.
 *
 * Rejects with AccountNotReadError when a part is out of reach, as the client does, and with the signal's reason.
 */
export async function readWholeAccount(options: ReadWholeOptions): Promise<WholeAccount> {
  const { client, clock, signal } = options;
  const request = { priority: 'person', signal } as const;
  const offer = await client.discover(request);
  const types = objectTypes.filter((type) => !notAsked.has(type));
  const account = new AccountView();
  const snapshot = await readAccount(client, { types, clock, ...request });
  account.adopt(snapshot);
  const unread = types.flatMap((type) => {
    const collection = account.collections[type];
    return collection.state === 'unknown' && !onlyCounted.has(type) ? [`${type}: ${collection.reason}`] : [];
  });
  if (unread.length > 0) {
    throw new AccountNotReadError(`Not all of the account could be read. ${unread.join('; ')}`);
  }
  if (options.singles !== false) await readSingles(account, options);
  const customerId = offer.customerId ?? (await findCustomerId(client, request));
  return { account, ...(customerId === undefined ? {} : { customerId }) };
}

async function readSingles(account: AccountView, options: ReadWholeOptions): Promise<void> {
  const { client, clock, onSingle } = options;
  const reads = openReads(account);
  // One that fails ends them all: what is not whole is not written.
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let read = reads[next++]; read; read = reads[next++]) {
      const { id, type } = read;
      const readAt = clock.now();
      const body = await client.get(type, id, { priority: 'person', signal });
      if (body) account.observe({ type, id, body, source: 'single', readAt });
      else account.forget(type, id, clock.now());
      onSingle?.(++done, reads.length);
    }
  };
  const workers = Array.from({ length: readsAtOnce }, () =>
    work().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.all(workers);
}
