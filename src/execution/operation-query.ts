import { holds } from '../account/apply.ts';
import type { Change } from '../account/plan.ts';
import type { Clock } from '../foundation/clock.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import { type OperationEnd, OperationFailed } from './in-flight.ts';
import { observed } from './list-row.ts';
import { isNotFound } from './refusal.ts';
import type { Tracked, TrackedWrites } from './tracked-writes.ts';

/** The guide's limit for polling. */
const overdueMs = 5 * 60_000;
/** 8x8 guide: provisioning may lag the completion of its operation. */
const looksAtDifference = 3;
const catchUpMs = 2_000;
/** How long the object may take to show once its operation was over late; the guide's word for it is suspicious. */
const showsWithinMs = 60_000;

export interface OperationQueryOptions {
  readonly client: PhoneSystemClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Is an operation that goes on for too long followed on? Asked once for each. */
  readonly overdue: (change: Change, message: string) => boolean;
  /** A place is free, though its write is not over. */
  readonly freed: () => void;
}

/** Asks how one write ended: its operation, and then the object itself. */
export class OperationQuery {
  readonly #options: OperationQueryOptions;
  readonly #writes: TrackedWrites;

  constructor(options: OperationQueryOptions, writes: TrackedWrites) {
    this.#options = options;
    this.#writes = writes;
  }

  async ask(tracked: Tracked): Promise<void> {
    const { client, clock, signal } = this.#options;
    const isOverdue = clock.now() - tracked.acceptedAt > overdueMs;
    let isKnown = true;
    try {
      const state = await client.operation(tracked.operationId, { priority: 'confirm', signal });
      if (state.status === 'FAILED' || state.status === 'COMPLETED') {
        tracked.slot.over();
        tracked.overAt ??= clock.now();
      }
      if (state.status === 'FAILED') {
        const { message = 'The operation failed', fields = [] } = state.error ?? {};
        this.#writes.fail(tracked, new OperationFailed(message, fields));
      } else if (state.status === 'COMPLETED') {
        if (tracked.change.action === 'Delete') this.#writes.finish(tracked, undefined);
        else await this.readOne(tracked, state.resourceId ?? tracked.change.objectId);
      } else if (state.status === 'UNKNOWN') {
        isKnown = false;
        await this.readOne(tracked, tracked.change.objectId);
      } else {
        if (isOverdue) this.#meetOverdue(tracked);
        this.#writes.askLater(tracked);
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      isKnown = !isNotFound(error);
      // Out of reach: it may be under way.
      if (isOverdue && isKnown && tracked.overAt === undefined) this.#meetOverdue(tracked);
      this.#writes.askLater(tracked);
      if (isKnown) return;
    }
    const isAwaited =
      isKnown && tracked.overAt !== undefined && clock.now() - tracked.overAt <= showsWithinMs;
    if (isOverdue && !isAwaited && this.#writes.has(tracked)) {
      const { operationId } = tracked;
      const what = isKnown
        ? 'is over, and what it should have made can not be read'
        : 'is not known any more';
      this.#reject(tracked, `Operation ${operationId} ${what}; the account is compared again`, 'unclear');
    }
  }

  #meetOverdue(tracked: Tracked): void {
    if (tracked.isLate) return;
    const { change, operationId } = tracked;
    const message = `Operation ${operationId} has not ended within 5 minutes; nothing else is sent to its object before it has. Give this id to the provider's support`;
    if (!this.#options.overdue(change, message)) {
      this.#reject(tracked, message, 'running');
      return;
    }
    tracked.isLate = true;
    // Ten that hang must not keep the account from being written: where each does take a place, the phone system says so.
    tracked.slot.over();
    this.#options.freed();
  }

  #reject(tracked: Tracked, message: string, end: OperationEnd): void {
    this.#writes.fail(tracked, new OperationFailed(message, [], end));
  }

  /** The values themselves confirm: an operation may be over before its effect can be read. */
  async readOne(tracked: Tracked, id: string | undefined): Promise<void> {
    if (id === undefined) {
      this.#writes.askLater(tracked);
      return;
    }
    const { client, clock, signal } = this.#options;
    const startedAt = clock.now();
    try {
      const body = await client.get(tracked.change.type, id, { priority: 'confirm', signal });
      const { action } = tracked.change;
      if (
        body &&
        action !== 'Delete' &&
        tracked.fields.every((field) => field.createOnly || holds(body, field) !== 'no')
      ) {
        this.#writes.finish(tracked, observed(tracked.change.type, body, 'single', startedAt));
        return;
      }
      if (!body && (action === 'Update' || action === 'Delete')) {
        // An administrator without privileges is none any more; what a person deleted meanwhile is gone as well.
        this.#writes.finish(tracked, undefined);
        return;
      }
      if (body) {
        // Long enough for provisioning to catch up: the next comparison says what did not come through, or what
        // somebody else has changed since.
        tracked.differed++;
        if (tracked.differed >= looksAtDifference)
          this.#writes.finish(tracked, observed(tracked.change.type, body, 'single', startedAt));
        else tracked.askAt = clock.now() + catchUpMs * tracked.differed;
        return;
      }
    } catch {
      if (signal.aborted) return;
    }
    this.#writes.askLater(tracked);
  }
}
