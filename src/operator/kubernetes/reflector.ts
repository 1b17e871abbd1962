import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../foundation/clock.ts';
import { isJsonObject, type Json } from '../../foundation/json.ts';
import { apiErrorFromStatusObject, isApiError, KubernetesError } from './api-error.ts';
import { type BackoffLimits, backoffMs, type Random } from './backoff.ts';
import { Cache } from './cache.ts';
import type { KubernetesClient } from './client.ts';
import { type KubernetesObject, looseRef, type ObjectRef, type ResourceType, readObject } from './object.ts';
import { type WatchEvent, watchEvents } from './watch-stream.ts';

export interface ReflectorOptions<T extends KubernetesObject> {
  readonly client: KubernetesClient;
  readonly type: ResourceType<T>;
  /** Left out: all namespaces, which needs a ClusterRole. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of every failure that was survived, listeners' throws included. Must not throw. */
  readonly onError: (error: unknown) => void;
  readonly pageSize?: number;
  /** A watch is ended by the server after this many seconds to twice as many. */
  readonly watchSeconds?: number;
  /**
   * A watch over which nothing came for this long, in ms, is taken for dead. Bookmarks come about once a minute,
   * so a live one is hardly ever mistaken, and resuming costs one request and loses nothing.
   */
  readonly livenessMs?: number;
  readonly backoff?: BackoffLimits;
}

/** A watch that ended sooner than this counts as failed: reopening it at once would be a restart storm. */
const STABLE_MS = 10_000;
/** What a server may take beyond `timeoutSeconds` to end a watch. */
const OVERTIME_MS = 30_000;
const HEADERS_MS = 30_000;

export class ReflectorStopped extends Error {
  override readonly name = 'ReflectorStopped';
}

/**
 * Keeps a cache equal to one collection of the API server, for as long as it runs and whatever happens in
 * between: a paged list, then watches resumed from the last version seen, then, only if that version is gone,
 * a list again.
 */
export class Reflector<T extends KubernetesObject> {
  readonly cache: Cache<T>;
  /** Resolves after the first complete list; rejects with ReflectorStopped when stopped before it. */
  readonly synced: Promise<void>;
  readonly #options: ReflectorOptions<T>;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #markSynced: () => void = () => undefined;
  #markUnsynced: (error: Error) => void = () => undefined;
  #isSynced = false;
  #lastHeard = 0;
  #failures = 0;
  #version: string | undefined;
  #pageSize: number | undefined;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#pageSize = options.pageSize ?? 500;
    this.cache = new Cache(options.onError);
    this.synced = new Promise((resolve, reject) => {
      this.#markSynced = resolve;
      this.#markUnsynced = reject;
    });
    // Nobody need wait for it.
    this.synced.catch(() => undefined);
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** When the API server was last heard of through this reflector, in ms since the epoch; 0 for never. */
  get lastHeard(): number {
    return this.#lastHeard;
  }

  /** Starts; does nothing when already started or stopped. */
  start(): void {
    if (this.#running === undefined && !this.#stop.signal.aborted) this.#running = this.#run();
  }

  /** Ends everything, a wait before the next attempt included. Resolves when no connection is left. */
  async stop(): Promise<void> {
    this.#stop.abort(new ReflectorStopped(`The watch on ${this.#options.type.plural} was stopped`));
    await this.#running;
    this.#markUnsynced(new ReflectorStopped('Stopped before the first list was complete'));
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      let waitMs = 0;
      try {
        if (this.#version === undefined) await this.#list();
        const lived = await this.#watch();
        if (lived >= STABLE_MS) this.#failures = 0;
        else waitMs = this.#nextBackoff();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        waitMs = this.#recover(error);
      }
      if (waitMs > 0) {
        // Rejects only when stopped.
        await this.#options.clock.sleep(waitMs, this.#stop.signal).catch(() => undefined);
      }
    }
  }

  /** Decides what the next attempt starts from; returns how long to wait before it, in ms. */
  #recover(error: unknown): number {
    const backoff = this.#nextBackoff();
    if (isApiError(error, 'gone')) this.#version = undefined;
    this.#options.onError(error);
    return isApiError(error, 'tooManyRequests') ? Math.max(backoff, error.retryAfterMs ?? 0) : backoff;
  }

  #nextBackoff(): number {
    this.#failures += 1;
    const limits = this.#options.backoff ?? { baseMs: 1_000, maxMs: 60_000 };
    return backoffMs(this.#failures, limits, this.#options.random);
  }

  async #list(): Promise<void> {
    const { client, type, namespace, labelSelector, fieldSelector, clock } = this.#options;
    const objects: T[] = [];
    const unreadable: ObjectRef[] = [];
    let continueToken: string | undefined;
    this.cache.beginReplace();
    do {
      const query = { namespace, labelSelector, fieldSelector, limit: this.#pageSize, continueToken };
      const page = await client.list(type, query, this.#stop.signal).catch((error: unknown) => {
        // Listing took longer than the server keeps old versions: next time in one piece.
        if (continueToken !== undefined && isApiError(error, 'gone')) this.#pageSize = undefined;
        throw error;
      });
      this.#lastHeard = clock.now();
      for (const item of page.items) {
        const object = this.#read(item);
        if (object !== undefined) objects.push(object);
        else unreadable.push(...this.#refs(item));
      }
      continueToken = page.continueToken;
      if (continueToken === undefined) this.#version = page.resourceVersion;
    } while (continueToken !== undefined);
    this.#pageSize = this.#options.pageSize ?? 500;
    this.cache.replaceAll(objects, unreadable);
    this.#isSynced = true;
    this.#markSynced();
  }

  /** One watch from beginning to end; returns how long it lived, in ms. */
  async #watch(): Promise<number> {
    const { client, type, namespace, labelSelector, fieldSelector, clock, random } = this.#options;
    const base = this.#options.watchSeconds ?? 290;
    const timeoutSeconds = Math.ceil(base * (1 + random()));
    const opened = clock.now();
    const own = new AbortController();
    const end = () => own.abort(this.#stop.signal.reason);
    this.#stop.signal.addEventListener('abort', end, { once: true });
    const guard = { heard: opened, headers: false, until: opened + timeoutSeconds * 1000 + OVERTIME_MS };
    const guarding = this.#guard(guard, own);
    let stream: IncomingMessage | undefined;
    try {
      this.#stop.signal.throwIfAborted();
      const resourceVersion = this.#version ?? '';
      const query = { namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds };
      stream = await client.watch(type, query, own.signal);
      guard.headers = true;
      guard.heard = clock.now();
      for await (const event of watchEvents(stream)) {
        if (this.#stop.signal.aborted) break;
        guard.heard = clock.now();
        this.#lastHeard = guard.heard;
        this.#apply(event);
      }
      return clock.now() - opened;
    } catch (error) {
      // A silent death after a long life is an ordinary end: resume from the last version at once.
      if (own.signal.aborted && !this.#stop.signal.aborted) {
        this.#options.onError(own.signal.reason);
        return guard.headers ? clock.now() - opened : 0;
      }
      throw error;
    } finally {
      this.#stop.signal.removeEventListener('abort', end);
      own.abort();
      if (stream !== undefined) await closed(stream);
      await guarding;
    }
  }

  /** Ends a watch that says nothing for too long. Returns once `own` is aborted, by it or by others. */
  async #guard(
    guard: { heard: number; headers: boolean; until: number },
    own: AbortController,
  ): Promise<void> {
    const { clock, type } = this.#options;
    const livenessMs = this.#options.livenessMs ?? 150_000;
    while (!own.signal.aborted) {
      const silenceEnds = guard.heard + (guard.headers ? livenessMs : Math.min(livenessMs, HEADERS_MS));
      const due = Math.min(silenceEnds, guard.until);
      if (clock.now() >= due) {
        own.abort(new KubernetesError('unavailable', `watch ${type.plural}: nothing heard, taken for dead`));
        return;
      }
      await clock.sleep(due - clock.now(), own.signal).catch(() => undefined);
    }
  }

  #apply(event: WatchEvent): void {
    const { type } = this.#options;
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED': {
        const object = this.#read(event.object);
        if (object !== undefined) this.cache.upsert(object);
        break;
      }
      case 'DELETED': {
        const object = this.#read(event.object);
        if (object !== undefined) this.cache.remove(object);
        break;
      }
      case 'BOOKMARK':
        break;
      case 'ERROR':
        throw apiErrorFromStatusObject(`watch ${type.plural}`, event.object);
      default:
        throw new KubernetesError('unavailable', `watch ${type.plural}: unknown event ${event.type}`);
    }
    this.#version = versionOf(event.object) ?? this.#version;
  }

  /** An object that cannot be read is reported and left as it was known: unknown, not absent. */
  #read(value: Json): T | undefined {
    try {
      return readObject(this.#options.type, value);
    } catch (error) {
      this.#options.onError(error);
      return undefined;
    }
  }

  #refs(value: Json): ObjectRef[] {
    const ref = looseRef(value);
    return ref === undefined ? [] : [ref];
  }
}

function versionOf(object: Json): string | undefined {
  if (!isJsonObject(object) || !isJsonObject(object.metadata)) return undefined;
  const { resourceVersion } = object.metadata;
  return typeof resourceVersion === 'string' ? resourceVersion : undefined;
}

function closed(stream: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', () => resolve());
    stream.destroy();
  });
}
