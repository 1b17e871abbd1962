import type {
  Collection,
  ObjectType,
  ObservedAccount,
  ObservedObject,
  PrivilegeSection,
} from '../account/objects.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Priority } from './budget.ts';
import type { PhoneSystemClient } from './client.ts';
import { collections, idOf } from './collections.ts';
import { ApiError } from './errors.ts';
import { HostNotAllowed, RedirectRefused } from './transport.ts';

export interface ReadOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Default: `sync`. */
  readonly priority?: Priority;
  /** Which collections to read; the others stay as they are in `previous`. */
  readonly types: readonly ObjectType[];
  /** Left out: a collection that is not asked for is `unknown`. */
  readonly previous?: ObservedAccount;
  /** How many collections are read at the same time. Default: 5 (8x8 guide: concurrency 5–10). */
  readonly concurrency?: number;
}

/** An account as read, with what the reading itself showed. */
export interface Snapshot extends ObservedAccount {
  /** Requests that it took. */
  readonly requests: number;
  /** Why a collection is unknown or unsupported, where asking for it failed. */
  readonly failures: ReadonlyMap<ObjectType, ApiError>;
  /** Key scopes that a 403 showed to be missing. */
  readonly missingScopes: readonly string[];
}

/**
 * Reads whole collections in the largest pages. A collection that fails is `unknown` with the reason, one that
 * the endpoint does not have is `unsupported`; the others stand. Rows have `source: 'row'`.
 *
 * Rejects when nothing at all can be read: with ApiError `unauthorized`, or `notFound` where the address is that of
 * something else, HostNotAllowed, RedirectRefused, or the signal's reason.
 */
export async function readAccount(client: PhoneSystemClient, options: ReadOptions): Promise<Snapshot> {
  const read = new Map<ObjectType, Collection>();
  const failures = new Map<ObjectType, ApiError>();
  let requests = 0;
  let tree: readonly PrivilegeSection[] | undefined = options.previous?.privilegeTree;
  const waiting = [...options.types];
  const work = async () => {
    for (let type = waiting.shift(); type !== undefined; type = waiting.shift()) {
      try {
        const reading = await readCollection(client, type, options);
        requests += reading.requests;
        read.set(type, reading.collection);
        if (type === 'administrator') {
          tree = await client.privilegeTree({ priority: options.priority ?? 'sync', signal: options.signal });
          if (tree) requests++;
        }
      } catch (error) {
        const failure = asFailure(error, options.signal);
        failures.set(type, failure);
        if (!read.has(type)) read.set(type, unread(type, failure));
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 5 }, work));
  if (isElsewhere(options.types, failures)) {
    throw new ApiError({
      kind: 'notFound',
      message:
        'The endpoint answers, and has none of the collections of the API: its path is wrong; that of 8x8 ends in /admin-provisioning',
    });
  }
  return assemble(read, options.previous, { requests, failures, privilegeTree: tree });
}

/** A single list may be missing for reasons of its own; without any, this is no phone system. */
function isElsewhere(types: readonly ObjectType[], failures: ReadonlyMap<ObjectType, ApiError>): boolean {
  const published = types.filter((type) => collections[type].published);
  return published.length > 1 && published.every((type) => failures.get(type)?.kind === 'notFound');
}

/** Puts together what was read with what was known before. */
export function assemble(
  read: ReadonlyMap<ObjectType, Collection>,
  previous: ObservedAccount | undefined,
  parts: {
    readonly requests: number;
    readonly failures: ReadonlyMap<ObjectType, ApiError>;
    readonly privilegeTree: readonly PrivilegeSection[] | undefined;
    readonly gone?: ReadonlyMap<string, number>;
  },
): Snapshot {
  const known = (type: ObjectType): Collection =>
    read.get(type) ?? previous?.collections[type] ?? { state: 'unknown', reason: 'Not read yet' };
  const missing = new Set<string>();
  for (const [type, failure] of parts.failures) {
    if (failure.kind === 'forbidden') missing.add(collections[type].keyScope);
  }
  return {
    collections: everyCollection(known),
    gone: parts.gone ?? previous?.gone ?? new Map(),
    ...(parts.privilegeTree ? { privilegeTree: parts.privilegeTree } : {}),
    requests: parts.requests,
    failures: parts.failures,
    missingScopes: [...missing].sort(),
  };
}

/** One whole collection. Rejects with what the client rejects with. */
export async function readCollection(
  client: PhoneSystemClient,
  type: ObjectType,
  options: Pick<ReadOptions, 'clock' | 'signal' | 'priority'>,
): Promise<{ readonly collection: Collection; readonly requests: number }> {
  const { clock, priority = 'sync', signal } = options;
  const objects = new Map<string, ObservedObject>();
  const readAt = clock.now();
  let requests = 0;
  let pageAt = readAt;
  for await (const page of client.list(type, { priority, signal })) {
    requests = page.requests;
    for (const body of page.objects) {
      const id = idOf(type, body);
      // Without it, one object would look deleted and could not be told from another.
      if (id === undefined) throw rowWithoutId(type);
      // The row may have been made up at any moment since it was asked for.
      objects.set(id, { type, id, body, source: 'row', readAt: pageAt });
    }
    pageAt = clock.now();
  }
  return { collection: { state: 'read', objects, readAt }, requests };
}

export function rowWithoutId(type: ObjectType): ApiError {
  return new ApiError({
    kind: 'unavailable',
    message: `The list of ${collections[type].path} has a row without ${collections[type].id.join('.')}`,
  });
}

/** An error that concerns one collection; throws on what concerns them all. */
export function asFailure(error: unknown, signal: AbortSignal): ApiError {
  if (signal.aborted) throw signal.reason;
  if (error instanceof HostNotAllowed || error instanceof RedirectRefused) throw error;
  if (error instanceof ApiError && error.kind !== 'unauthorized') return error;
  throw error;
}

/** The state of a collection that could not be read. */
export function unread(type: ObjectType, failure: ApiError): Collection {
  const { keyScope, published } = collections[type];
  if (failure.kind === 'unsupported' || (failure.kind === 'notFound' && !published)) {
    return { state: 'unsupported', reason: failure.message };
  }
  const reason =
    failure.kind === 'forbidden'
      ? `${failure.message}. The key may lack the scope "${keyScope}"`
      : failure.message;
  return { state: 'unknown', reason };
}

function everyCollection(known: (type: ObjectType) => Collection): Readonly<Record<ObjectType, Collection>> {
  return {
    user: known('user'),
    ringGroup: known('ringGroup'),
    site: known('site'),
    address: known('address'),
    phoneNumber: known('phoneNumber'),
    extension: known('extension'),
    extensionSettings: known('extensionSettings'),
    profileSettings: known('profileSettings'),
    administrator: known('administrator'),
    portingOrder: known('portingOrder'),
    invitation: known('invitation'),
    license: known('license'),
    userGroup: known('userGroup'),
    profilePolicy: known('profilePolicy'),
  };
}
