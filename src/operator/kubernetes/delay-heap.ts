import type { Priority } from './priority.ts';

interface Delayed {
  readonly key: string;
  readonly priority: Priority;
  readonly due: number;
  readonly order: number;
}

/** Keys by the time at which they are due; of several entries of one key and priority the earliest counts. */
export class DelayHeap {
  #heap: Delayed[] = [];
  #order = 0;
  readonly #earliest: Record<Priority, Map<string, Delayed>> = { edit: new Map(), resync: new Map() };

  get size(): number {
    return this.#earliest.edit.size + this.#earliest.resync.size;
  }

  push(key: string, priority: Priority, due: number): void {
    const known = this.#earliest[priority].get(key);
    if (known !== undefined && known.due <= due) return;
    const entry = { key, priority, due, order: this.#order++ };
    // A later entry of the same key stays in the heap and is skipped when its time comes.
    this.#earliest[priority].set(key, entry);
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
    if (this.#heap.length > 2 * this.size + 64) this.#compact();
  }

  nextDue(): number | undefined {
    this.#skipReplaced();
    return this.#heap[0]?.due;
  }

  takeDue(now: number): { key: string; priority: Priority }[] {
    const taken: { key: string; priority: Priority }[] = [];
    for (;;) {
      this.#skipReplaced();
      const first = this.#heap[0];
      if (first === undefined || first.due > now) return taken;
      this.#pop();
      this.#earliest[first.priority].delete(first.key);
      taken.push({ key: first.key, priority: first.priority });
    }
  }

  clear(): void {
    this.#heap = [];
    this.#earliest.edit.clear();
    this.#earliest.resync.clear();
  }

  #skipReplaced(): void {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || this.#earliest[first.priority].get(first.key) === first) return;
      this.#pop();
    }
  }

  #compact(): void {
    this.#heap = [...this.#earliest.edit.values(), ...this.#earliest.resync.values()].sort(compare);
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown();
  }

  #siftUp(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfLess(index, parent)) return;
      index = parent;
    }
  }

  #siftDown(): void {
    let index = 0;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      const smaller =
        right !== undefined && left !== undefined && compare(right, left) < 0 ? 2 * index + 2 : 2 * index + 1;
      if (!this.#swapIfLess(smaller, index)) return;
      index = smaller;
    }
  }

  #swapIfLess(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined || compare(first, second) >= 0) return false;
    this.#heap[a] = second;
    this.#heap[b] = first;
    return true;
  }
}

function compare(a: Delayed, b: Delayed): number {
  return a.due - b.due || a.order - b.order;
}
