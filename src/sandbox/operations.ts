import type { Clock } from '../foundation/clock.ts';
import type { Json, JsonObject } from '../foundation/json.ts';
import { operationFault } from './faults.ts';
import { ApiProblem, tooManyRequests } from './problem.ts';
import type { Actor, Exchange, Reply } from './router.ts';
import type { Settings } from './settings.ts';
import type { Statistics } from './statistics.ts';
import type { Store, Table } from './store.ts';

export interface WriteContext {
  readonly actor: Actor;
  /** When the change becomes visible, ISO 8601. */
  readonly time: string;
}

/** The part of an asynchronous write that happens when its operation completes. */
export interface Command {
  /** Unique and stable, such as `user.create`: a pending operation names it on disk across a restart. */
  readonly name: string;
  /**
   * Makes the change and returns the resource's id. Throws ApiProblem, before it has changed anything, to
   * make the operation FAILED.
   */
  apply(payload: JsonObject, context: WriteContext): string;
}

export interface StartedWrite {
  readonly command: string;
  /** `USER`, `RING_GROUP`, `SITE`, `EXTENSION`, … */
  readonly resourceType: string;
  readonly operationType: 'CREATE' | 'UPDATE' | 'DELETE' | 'UPDATE_MEMBERS';
  /** Path of the collection, such as `/users`, for the link to the resource. */
  readonly collectionPath: string;
  /** `null` until a creation completes. */
  readonly resourceId: string | null;
  /** All that `apply` will need: it has to survive a restart as JSON. */
  readonly payload: JsonObject;
}

interface OperationRecord extends StartedWrite {
  readonly id: string;
  readonly actor: Actor;
  readonly createdAt: number;
  /** Due time; completion happens at the first request at or after it, and is dated with it. */
  readonly dueAt: number;
  readonly done: boolean;
  readonly error: JsonObject | null;
  /** A fault injected by the control API. */
  readonly failWith: JsonObject | null;
}

interface Dependencies {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly random: () => number;
  readonly settings: Settings;
  readonly statistics: Statistics;
  readonly customerId: string;
  readonly basePath: string;
}

/**
 * Asynchronous writes: 202 now, PENDING, then IN_PROGRESS, then COMPLETED or FAILED when the clock has passed
 * the latency drawn for it. Nothing runs in between: due operations are settled, in order of their due times,
 * at the beginning of the next request, so that a simulated clock needs no timers of ours.
 */
export class Operations {
  readonly #table: Table<OperationRecord>;
  readonly #commands = new Map<string, Command>();
  readonly #dependencies: Dependencies;
  readonly #followers: (() => void)[] = [];
  #pending: OperationRecord[] = [];

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#table = dependencies.store.table<OperationRecord>('operation');
    this.#pending = [...this.#table.all()].filter((operation) => !operation.done);
  }

  define(command: Command): void {
    this.#commands.set(command.name, command);
  }

  /**
   * Answers 202 with the operation. A person in the console works at once: there the change is made before
   * this returns, and its ApiProblem is thrown here.
   */
  start(exchange: Exchange, write: StartedWrite): Reply {
    const { clock, newId, settings, statistics } = this.#dependencies;
    const now = clock.now();
    if (exchange.actor.via === 'console') {
      const resourceId = this.#command(write.command).apply(write.payload, {
        actor: exchange.actor,
        time: new Date(now).toISOString(),
      });
      statistics.write();
      return { status: 200, body: { resourceId } };
    }
    if (!settings.unlimited && this.#pending.length >= settings.limits.operationsInFlight) {
      statistics.overInFlight();
      throw tooManyRequests(
        `Too many operations in flight: the limit is ${settings.limits.operationsInFlight}`,
      );
    }
    const operation: OperationRecord = {
      ...write,
      id: newId(),
      actor: exchange.actor,
      createdAt: now,
      dueAt: now + this.#latency(),
      done: false,
      error: null,
      failWith: exchange.failOperation,
    };
    this.#pending.push(operation);
    this.#table.put(operation);
    statistics.inFlight(this.#pending.length);
    statistics.write();
    return { status: 202, body: this.#render(operation) };
  }

  /** Whether a write to this resource is still under way. */
  busy(resourceId: string): boolean {
    return this.#pending.some((operation) => operation.resourceId === resourceId);
  }

  /** Registers what else happens as time passes; it runs at each `settle`, after the operations. */
  onSettle(follow: () => void): void {
    this.#followers.push(follow);
  }

  /** Completes all that is due. */
  settle(): void {
    const now = this.#dependencies.clock.now();
    const due = this.#pending.filter((operation) => operation.dueAt <= now);
    if (due.length > 0) {
      this.#pending = this.#pending.filter((operation) => operation.dueAt > now);
      due.sort((a, b) => a.dueAt - b.dueAt);
      for (const operation of due) this.#dependencies.store.transaction(() => this.#complete(operation));
    }
    for (const follow of this.#followers) follow();
  }

  /** The published Operation; `undefined` when there is none. */
  find(id: string): JsonObject | undefined {
    const operation = this.#table.get(id);
    return operation && this.#render(operation);
  }

  #complete(operation: OperationRecord): void {
    const time = new Date(operation.dueAt).toISOString();
    try {
      if (operation.failWith) throw operationFault(operation.failWith);
      const context = { actor: operation.actor, time };
      const resourceId = this.#command(operation.command).apply(operation.payload, context);
      this.#table.put({ ...operation, resourceId, done: true });
    } catch (error) {
      this.#table.put({
        ...operation,
        done: true,
        error: asProblem(error).body(operation.collectionPath, time),
      });
    }
  }

  #command(name: string): Command {
    const command = this.#commands.get(name);
    if (!command) throw new Error(`The sandbox has no command ${name}: is its module registered?`);
    return command;
  }

  #latency(): number {
    const { random, settings } = this.#dependencies;
    const { min, max, tail } = settings.operationLatency;
    if (tail && random() < tail.share) return tail.ms;
    return Math.round(min + random() * (max - min));
  }

  #render(operation: OperationRecord): JsonObject {
    const { basePath, clock, customerId } = this.#dependencies;
    const started = operation.createdAt + (operation.dueAt - operation.createdAt) / 4;
    const running = clock.now() >= started ? 'IN_PROGRESS' : 'PENDING';
    const links: Record<string, Json> = { self: { href: `${basePath}/operations/${operation.id}` } };
    if (operation.resourceId !== null) {
      links.resource = { href: `${basePath}${operation.collectionPath}/${operation.resourceId}` };
    }
    return {
      operationId: operation.id,
      status: operation.done ? (operation.error ? 'FAILED' : 'COMPLETED') : running,
      customerId,
      resourceType: operation.resourceType,
      ...(operation.resourceId === null ? {} : { resourceId: operation.resourceId }),
      operationType: operation.operationType,
      createdTime: new Date(operation.createdAt).toISOString(),
      ...(operation.done ? { completedTime: new Date(operation.dueAt).toISOString() } : {}),
      ...(operation.error ? { error: operation.error } : {}),
      _links: links,
    };
  }
}

/** A mistake of the sandbox itself must end the operation too: a client would wait for it for ever. */
function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ApiProblem(500, 'Internal Server Error', [{ code: 'UNKNOWN', message }]);
}
