import { type ResourceRef, resourceKey } from '../resources/reference.ts';
import type { StoredResource } from './kinds.ts';
import { sameValue } from './kubernetes/same-value.ts';
import type { StatusOutcome } from './kubernetes/status-writer.ts';
import type { AnyStatus, ResourceCache } from './resource-cache.ts';

export interface StatusBoardOptions {
  readonly resources: ResourceCache;
  /** A write that failed; the next round wishes for it again. */
  readonly onError: (error: unknown) => void;
  readonly writesAtOnce?: number;
}

/** Writes statuses, a few at a time and always the latest wish; writes to one resource come one after the other. */
export class StatusBoard {
  readonly #options: StatusBoardOptions;
  readonly #wishes = new Map<string, { readonly ref: ResourceRef; readonly status: AnyStatus }>();
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(options: StatusBoardOptions) {
    this.#options = options;
  }

  get idle(): boolean {
    return this.#wishes.size === 0 && this.#running.size === 0;
  }

  /** Has the status written soon, unless it stands there already. */
  publish(ref: ResourceRef, status: AnyStatus): void {
    const key = resourceKey(ref);
    const current = this.#options.resources.find(ref);
    const standsThere = current === undefined || sameValue(current.status, status);
    if (standsThere && !this.#running.has(key)) this.#wishes.delete(key);
    else this.#wishes.set(key, { ref, status });
    this.#pump();
  }

  #pump(): void {
    for (const [key, { ref, status }] of this.#wishes) {
      if (this.#running.size >= (this.#options.writesAtOnce ?? 8)) return;
      if (this.#running.has(key)) continue;
      this.#wishes.delete(key);
      this.#inTurn(key, ref, () => status, false).catch(this.#options.onError);
    }
  }

  /**
   * Writes a status now, for what must not rest on an old state.
   * @throws KubernetesError of kind `conflict` when the resource has changed and `change` finds no new answer
   */
  async write(
    ref: ResourceRef,
    change: (current: StoredResource) => AnyStatus | undefined,
  ): Promise<StatusOutcome> {
    const key = resourceKey(ref);
    while (this.#running.has(key)) await this.#running.get(key)?.catch(() => undefined);
    this.#wishes.delete(key);
    return this.#inTurn(key, ref, change, true);
  }

  async #inTurn(
    key: string,
    ref: ResourceRef,
    change: (current: StoredResource) => AnyStatus | undefined,
    checked: boolean,
  ): Promise<StatusOutcome> {
    const current = this.#options.resources.find(ref);
    if (!current || (ref.uid !== undefined && current.metadata.uid !== ref.uid)) return 'gone';
    const writing = this.#options.resources.writeStatus(current, change, { checked });
    this.#running.set(key, writing);
    try {
      return await writing;
    } finally {
      this.#running.delete(key);
      this.#pump();
    }
  }
}
