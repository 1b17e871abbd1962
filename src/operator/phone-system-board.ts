import type { Clock } from '../foundation/clock.ts';
import type { PhoneSystem, PhoneSystemStatus } from '../resources/generated/phone-system.ts';
import type { Stored } from './kinds.ts';
import type { StatusWriter } from './kubernetes/status-writer.ts';
import { type PhoneSystemFacts, phoneSystemStatus } from './status/phone-system-status.ts';

export interface PhoneSystemBoardOptions {
  readonly phoneSystem: () => Stored<PhoneSystem> | undefined;
  readonly writer: StatusWriter<PhoneSystemStatus, Stored<PhoneSystem>>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Shows the latest facts on a PhoneSystem, one write at a time. */
export class PhoneSystemBoard {
  readonly #options: PhoneSystemBoardOptions;
  #latest: PhoneSystemFacts | undefined;
  #writing: Promise<boolean> | undefined;

  constructor(options: PhoneSystemBoardOptions) {
    this.#options = options;
  }

  /** Resolves with true once these facts, or later ones, stand there; with false when that failed. Never rejects. */
  show(facts: PhoneSystemFacts): Promise<boolean> {
    this.#latest = facts;
    this.#writing ??= this.#write();
    return this.#writing;
  }

  async #write(): Promise<boolean> {
    try {
      while (this.#latest) {
        const facts = this.#latest;
        this.#latest = undefined;
        await this.#store(facts);
      }
      return true;
    } catch (error) {
      this.#options.onError(error);
      return false;
    } finally {
      this.#writing = undefined;
    }
  }

  async #store(facts: PhoneSystemFacts): Promise<void> {
    const { writer, clock } = this.#options;
    const phoneSystem = this.#options.phoneSystem();
    if (!phoneSystem) return;
    const { namespace = 'default', name, uid } = phoneSystem.metadata;
    const now = new Date(clock.now()).toISOString();
    await writer.write({ namespace, name }, uid, (current) => phoneSystemStatus(current, facts, now));
  }
}
