import type { AccountView } from '../account/account-view.ts';
import type { ObservedAccount } from '../account/objects.ts';
import type { Clock } from '../foundation/clock.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';

export interface HiddenMembersOptions {
  readonly client: PhoneSystemClient;
  readonly clock: Clock;
  readonly view: AccountView;
  readonly signal: AbortSignal;
  /** All that could be read was read. */
  readonly onRead: () => void;
}

/**
 * Reads the ring groups whose list rows do not show their members: once after each reading of the whole account,
 * one at a time, behind everything else. Members are shown in statuses and decide nothing, so that a group which
 * can't be read now is left unknown until it is listed again.
 */
export class HiddenMembers {
  readonly #options: HiddenMembersOptions;
  readonly #asked = new Set<string>();
  #waiting: string[] = [];
  #isReading = false;

  constructor(options: HiddenMembersOptions) {
    this.#options = options;
  }

  /** Groups being read or waiting for it. */
  get pending(): number {
    return this.#waiting.length + Number(this.#isReading);
  }

  /** @param whole the rows of a whole reading: what was known before is to be read anew */
  look(rows: ObservedAccount, whole: boolean): void {
    if (whole) this.#asked.clear();
    const { ringGroup } = (whole ? rows : this.#options.view).collections;
    if (ringGroup.state !== 'read') return;
    for (const [id, { body }] of ringGroup.objects) {
      if (body.members !== undefined || this.#asked.has(id)) continue;
      this.#asked.add(id);
      if (!this.#waiting.includes(id)) this.#waiting.push(id);
    }
    if (!this.#isReading && this.#waiting.length > 0) void this.#readAll();
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    for (let id = this.#waiting.shift(); id !== undefined; id = this.#waiting.shift()) {
      if (this.#options.signal.aborted) break;
      await this.#read(id);
    }
    this.#isReading = false;
    this.#options.onRead();
  }

  async #read(id: string): Promise<void> {
    const { client, clock, signal, view } = this.#options;
    const readAt = clock.now();
    try {
      const body = await client.get('ringGroup', id, { priority: 'sync', signal });
      if (body) view.observe({ type: 'ringGroup', id, body, source: 'single', readAt });
      else view.forget('ringGroup', id, clock.now());
    } catch {
      // Whatever concerns more than this group shows at the next reading of the account, and is told there.
      return;
    }
    // Listed again in the meantime, which is newer than what was read.
    if (view.get('ringGroup', id)?.body.members === undefined) this.#asked.delete(id);
  }
}
