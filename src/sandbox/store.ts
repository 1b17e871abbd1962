/** A stored object. Records are immutable: a change is a `put` of a new record under the same id. */
export interface Stored {
  readonly id: string;
}

/** Where tables are made durable. Calls are synchronous and happen inside `transaction`. */
export interface Journal {
  load(table: string): Iterable<string>;
  put(table: string, id: string, json: string): void;
  delete(table: string, id: string): void;
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Keeps nothing: the sandbox lives in memory alone. */
export const memoryJournal: Journal = {
  load: () => [],
  put: () => {},
  delete: () => {},
  transaction: (work) => work(),
  close: () => {},
};

type Observer<R> = (before: R | undefined, after: R | undefined) => void;

/** Finds records by something other than their id; kept up to date by its table. */
export class Index<R extends Stored> {
  readonly #ids = new Map<string, Set<string>>();
  readonly #table: Table<R>;

  constructor(table: Table<R>, keysOf: (record: R) => readonly string[]) {
    this.#table = table;
    table.observe((before, after) => {
      if (before) {
        for (const key of keysOf(before)) {
          const ids = this.#ids.get(key);
          ids?.delete(before.id);
          if (ids?.size === 0) this.#ids.delete(key);
        }
      }
      if (after) {
        for (const key of keysOf(after)) {
          const ids = this.#ids.get(key);
          if (ids) ids.add(after.id);
          else this.#ids.set(key, new Set([after.id]));
        }
      }
    });
  }

  /** All records under the key, oldest entry first. */
  all(key: string): R[] {
    const found: R[] = [];
    for (const id of this.#ids.get(key) ?? []) {
      const record = this.#table.get(id);
      if (record) found.push(record);
    }
    return found;
  }

  first(key: string): R | undefined {
    for (const id of this.#ids.get(key) ?? []) return this.#table.get(id);
    return undefined;
  }

  count(key: string): number {
    return this.#ids.get(key)?.size ?? 0;
  }
}

/** One kind of record, in memory, in the order of creation. */
export class Table<R extends Stored> {
  readonly name: string;
  readonly #journal: Journal;
  readonly #records = new Map<string, R>();
  readonly #observers: Observer<R>[] = [];

  constructor(name: string, journal: Journal) {
    this.name = name;
    this.#journal = journal;
    for (const json of journal.load(name)) {
      const record: R = JSON.parse(json);
      this.#records.set(record.id, record);
    }
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: string): R | undefined {
    return this.#records.get(id);
  }

  all(): IterableIterator<R> {
    return this.#records.values();
  }

  put(record: R): void {
    const before = this.#records.get(record.id);
    this.#records.set(record.id, record);
    this.#journal.put(this.name, record.id, JSON.stringify(record));
    for (const observer of this.#observers) observer(before, record);
  }

  delete(id: string): void {
    const before = this.#records.get(id);
    if (!before) return;
    this.#records.delete(id);
    this.#journal.delete(this.name, id);
    for (const observer of this.#observers) observer(before, undefined);
  }

  /** Called for every record there is, as if it had just been put, and from then on at each put and delete. */
  observe(observer: Observer<R>): void {
    this.#observers.push(observer);
    for (const record of this.#records.values()) observer(undefined, record);
  }

  index(keysOf: (record: R) => readonly string[]): Index<R> {
    return new Index(this, keysOf);
  }
}

/**
 * All tables of one sandbox. The maps in memory are the truth that requests read; the journal is written
 * through, so that a restart finds what was there.
 */
export class Store {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Opens a table once, by the module that owns its record type, and hands the object around from there. */
  table<R extends Stored>(name: string): Table<R> {
    return new Table<R>(name, this.#journal);
  }

  /** Writes of `work` reach the disk together or not at all. May be nested. */
  transaction<T>(work: () => T): T {
    return this.#journal.transaction(work);
  }

  close(): void {
    this.#journal.close();
  }
}
