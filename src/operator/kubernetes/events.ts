import type { Clock } from '../../foundation/clock.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { isApiError } from './api-error.ts';
import type { Random } from './backoff.ts';
import type { KubernetesClient } from './client.ts';
import { microTime } from './micro-time.ts';
import { type KubernetesObject, plainType } from './object.ts';

export const events = plainType('events.k8s.io', 'v1', 'events', 'Event');

export interface EventToRecord {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, one word. */
  readonly reason: string;
  /** What was done or tried, CamelCase: Create, Correct, … */
  readonly action: string;
  /** For a person. Cleaned by `redact` and cut to what the API server takes. */
  readonly note: string;
}

export interface EventRecorderOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Qualified name of the controller, such as `example.com/operator`. */
  readonly controller: string;
  /** Name of this instance, usually the pod's. */
  readonly instance: string;
  /** Takes personal data out of a note: Events are readable by more people than the objects are. */
  readonly redact: (text: string) => string;
  /** Told of Events that could not be written. Must not throw. */
  readonly onError: (error: unknown) => void;
  /** Asked before each Event; false drops it. Left out: always. */
  readonly mayWrite?: () => boolean;
  /** An Event that repeats is written to the API server at most this often, in ms. */
  readonly seriesMs?: number;
}

interface Series {
  readonly namespace: string;
  readonly name: string;
  count: number;
  lastSent: number;
  lastSeen: number;
}

/** Series remembered; the oldest is forgotten, and starts anew as an Event of its own. */
const MAX_SERIES = 4_096;
/** The API server drops Events after an hour by default: a series that is older is a new Event. */
const SERIES_LIFE_MS = 45 * 60_000;
const MAX_NOTE_BYTES = 1_024;
const DEFAULT_NAMESPACE = 'default';

/**
 * Writes Events of events.k8s.io/v1. The same news of the same object is one Event, whose series is updated
 * once in a while. An Event that cannot be written is dropped: it must never hold up or fail what it tells of.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  // In the order of last use.
  readonly #series = new Map<string, Series>();
  readonly #pending = new Set<Promise<void>>();
  #begun = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Returns at once. */
  record(object: KubernetesObject, event: EventToRecord): void {
    if (this.#options.mayWrite?.() === false) return;
    const work = this.#write(object, event).catch((error: unknown) => this.#options.onError(error));
    this.#pending.add(work);
    work.finally(() => this.#pending.delete(work)).catch(() => undefined);
  }

  /** Resolves when all Events recorded so far are written or dropped. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #write(object: KubernetesObject, event: EventToRecord): Promise<void> {
    const { clock } = this.#options;
    const now = clock.now();
    const key = `${object.metadata.uid} ${event.type} ${event.reason} ${event.action} ${event.note}`;
    const known = this.#series.get(key);
    if (known !== undefined && now - known.lastSeen < SERIES_LIFE_MS) {
      this.#touch(key, known);
      known.count += 1;
      known.lastSeen = now;
      if (now - known.lastSent < (this.#options.seriesMs ?? 5 * 60_000)) return;
      known.lastSent = now;
      if (await this.#continue(known, now)) return;
    }
    await this.#begin(key, object, event, now);
  }

  /** False when the Event is no longer there. */
  async #continue(series: Series, now: number): Promise<boolean> {
    const { client } = this.#options;
    const merge: JsonObject = { series: { count: series.count, lastObservedTime: microTime(now) } };
    try {
      await client.patch(events, series, { type: 'merge', merge });
      return true;
    } catch (error) {
      if (isApiError(error, 'notFound')) return false;
      throw error;
    }
  }

  async #begin(key: string, object: KubernetesObject, event: EventToRecord, now: number): Promise<void> {
    const { client, random, controller, instance, redact } = this.#options;
    const { name: objectName, namespace = DEFAULT_NAMESPACE, uid, resourceVersion } = object.metadata;
    // The time and chance tell it from those of other recorders, the count from those of this one.
    this.#begun += 1;
    const chance = Math.floor(random() * 0x1_0000_0000).toString(16);
    // 253 is the most that a name may have.
    const name = `${objectName.slice(0, 210)}.${now.toString(16)}${chance.padStart(8, '0')}-${this.#begun.toString(16)}`;
    this.#touch(key, { namespace, name, count: 1, lastSent: now, lastSeen: now });
    const { apiVersion, kind } = object;
    const inNamespace = object.metadata.namespace === undefined ? {} : { namespace };
    await client.create(events, namespace, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name, namespace },
      eventTime: microTime(now),
      type: event.type,
      reason: event.reason,
      action: event.action,
      note: cut(redact(event.note), MAX_NOTE_BYTES),
      regarding: { apiVersion, kind, name: objectName, uid, resourceVersion, ...inNamespace },
      reportingController: controller,
      reportingInstance: instance.slice(0, 128),
    });
  }

  #touch(key: string, series: Series): void {
    this.#series.delete(key);
    this.#series.set(key, series);
    if (this.#series.size <= MAX_SERIES) return;
    for (const oldest of this.#series.keys()) {
      this.#series.delete(oldest);
      return;
    }
  }
}

/** Cuts to a number of UTF-8 bytes, at a character. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let result = '';
  let used = Buffer.byteLength('…');
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    result += character;
  }
  return `${result}…`;
}
