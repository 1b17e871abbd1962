import type { AccountWorker } from './account-worker.ts';

/** A worker that keeps one account until it is stopped or ends with an error. */
export class RunningWorker {
  readonly worker: AccountWorker;
  /** Another fingerprint means another worker. */
  readonly fingerprint: string;
  /** Of the PhoneSystem: a namesake made anew is another. */
  readonly uid: string;
  readonly #startedAt: number;
  readonly #stop: AbortController;
  readonly #done: Promise<void>;
  #ended = false;

  /** @param onFailure called when the worker ends by itself */
  constructor(parts: {
    readonly worker: AccountWorker;
    readonly fingerprint: string;
    readonly uid: string;
    /** Milliseconds since the epoch. */
    readonly startedAt: number;
    readonly stop: AbortController;
    readonly onFailure: (error: unknown) => void;
  }) {
    this.worker = parts.worker;
    this.fingerprint = parts.fingerprint;
    this.uid = parts.uid;
    this.#startedAt = parts.startedAt;
    this.#stop = parts.stop;
    this.#done = parts.worker.run(parts.stop.signal).then(
      () => {
        this.#ended = true;
        if (!parts.stop.signal.aborted) parts.onFailure(new Error('The worker ended by itself'));
      },
      (error: unknown) => {
        this.#ended = true;
        if (!parts.stop.signal.aborted) parts.onFailure(error);
      },
    );
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** It was told to end, or has. */
  get stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  agedMs(now: number): number {
    return now - this.#startedAt;
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('The worker is stopped'));
    await this.#done;
  }
}
