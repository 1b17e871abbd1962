export interface RemovalEntry {
  /** RFC 3339, to the minute: a status that names every second would change with every second. */
  readonly time: string;
  readonly count: number;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Removals of the last hour, kept in the PhoneSystem's status so that a restart does not forget them. */
export class RemovalLog {
  #entries: readonly RemovalEntry[];

  constructor(entries: readonly RemovalEntry[]) {
    this.#entries = entries;
  }

  add(now: number): void {
    const time = new Date(toMinute(now)).toISOString();
    const last = this.#entries.at(-1);
    this.#entries =
      last?.time === time
        ? [...this.#entries.slice(0, -1), { time, count: last.count + 1 }]
        : [...this.#entries, { time, count: 1 }];
  }

  /** The latest one was not made after all. */
  takeBack(): void {
    const last = this.#entries.at(-1);
    if (!last) return;
    const rest = this.#entries.slice(0, -1);
    this.#entries = last.count > 1 ? [...rest, { ...last, count: last.count - 1 }] : rest;
  }

  /** Entries of the last hour; older ones are dropped only when a new one comes, so that time alone writes nothing. */
  entries(): readonly RemovalEntry[] {
    return this.#entries;
  }

  recent(now: number): number {
    return this.#within(now).reduce((sum, { count }) => sum + count, 0);
  }

  /** Does what was added at that time count still? */
  counts(at: number, now: number): boolean {
    return toMinute(at) > now - hourMs;
  }

  prune(now: number): void {
    this.#entries = this.#within(now);
  }

  #within(now: number): RemovalEntry[] {
    return this.#entries.filter(({ time }) => Date.parse(time) > now - hourMs);
  }
}

function toMinute(time: number): number {
  return Math.floor(time / minuteMs) * minuteMs;
}
