import { formatPath } from '../account/objects.ts';
import type { Change, FieldChange } from '../account/plan.ts';
import { valueDigest } from '../account/value-digest.ts';
import { resourceKey } from '../resources/reference.ts';
import { inYaml } from './blame.ts';
import type { Failure } from './host.ts';

interface Attempt {
  /** The parts that failed: a change of nothing but these is the same mistake again. */
  readonly parts: ReadonlySet<string>;
  readonly count: number;
  readonly until: number;
  /** Set when it was written, not refused. */
  readonly succeededAt?: number;
}

const firstDelayMs = 5_000;
const longestDelayMs = 5 * 60_000;
/** A permanent refusal is looked at again now and then: what it depended on may have changed at the other end. */
const permanentDelayMs = 30 * 60_000;

/** The same values written again within this time did not stay. */
const restlessMs = 10 * 60_000;

/**
 * What failed and when it is tried again, by object. A change that says something else than what failed is a
 * person's correction and goes at once.
 */
export class Attempts {
  readonly #attempts = new Map<string, Attempt>();
  readonly #random: () => number;

  /** @param random between 0 and 1; spreads the retries */
  constructor(random: () => number) {
    this.#random = random;
  }

  isHeld(change: Change, now: number): boolean {
    const attempt = this.#attempts.get(change.handle);
    if (!attempt || attempt.until <= now) return false;
    return partsOf(change, change.fields).every((part) => attempt.parts.has(part));
  }

  /** @returns when it may be tried again, in milliseconds since the epoch */
  failed(change: Change, failures: readonly Failure[], now: number): number {
    const guilty = change.fields.filter((field) => failures.some((failure) => concerns(failure, field)));
    // A create that was refused for one value will be sent whole again.
    const blamed = guilty.length > 0 && change.action !== 'Create' ? guilty : change.fields;
    const parts = new Set(partsOf(change, blamed));
    const before = this.#attempts.get(change.handle);
    const again = before !== undefined && [...parts].every((part) => before.parts.has(part));
    const count = again ? before.count + 1 : 1;
    const permanent = failures.every((failure) => failure.permanent);
    const delay = permanent ? permanentDelayMs : Math.min(longestDelayMs, firstDelayMs * 2 ** (count - 1));
    const until = now + delay * (0.75 + 0.5 * this.#random());
    this.#attempts.set(change.handle, { parts, count, until });
    return until;
  }

  /**
   * A value that does not stay, because the phone system writes it otherwise or somebody keeps changing it, is
   * written once more at once and then ever more seldom.
   */
  succeeded(change: Change, now: number): void {
    if (change.type === 'invitation') {
      // Each is a request of its own, not a value that did not stay.
      this.#attempts.delete(change.handle);
      return;
    }
    const parts = new Set(partsOf(change, change.fields));
    const before = this.#attempts.get(change.handle);
    const again =
      before?.succeededAt !== undefined &&
      now - before.succeededAt < restlessMs &&
      sameParts(before.parts, parts);
    const count = again ? before.count + 1 : 0;
    const until = count === 0 ? 0 : now + Math.min(permanentDelayMs, firstDelayMs * 2 ** count);
    this.#attempts.set(change.handle, { parts, count, until, succeededAt: now });
  }

  /** How often in a row the same values were written with success and did not stay. */
  restless(handle: string): number {
    const attempt = this.#attempts.get(handle);
    return attempt?.succeededAt === undefined ? 0 : attempt.count;
  }

  /** A person asks for another attempt now. */
  forgive(handle: string): void {
    this.#attempts.delete(handle);
  }

  forgiveAll(): void {
    this.#attempts.clear();
  }

  /** When the first change may go that was held at `since`, or Infinity. */
  next(since: number): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (const { until } of this.#attempts.values()) if (until > since && until < soonest) soonest = until;
    return soonest;
  }
}

function sameParts(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((part) => b.has(part));
}

function partsOf(change: Change, fields: readonly FieldChange[]): string[] {
  if (fields.length === 0) return [change.action];
  return fields.map(({ field, path }) => {
    // What was uploaded for an attempt that failed is the same mistake when it is sent by its id.
    return `${change.action} ${formatPath(path)}=${field.madeFrom ?? valueDigest(field)}`;
  });
}

function concerns(failure: Failure, field: FieldChange): boolean {
  return field.owners.some(
    (owner) =>
      resourceKey(owner.resource) === resourceKey(failure.resource) &&
      (failure.field === undefined || failure.field === inYaml(owner.field)),
  );
}
