/** The Secret has another key than the worker began with: what it knows may be of another account. */
export class KeyChanged extends Error {
  override readonly name = 'KeyChanged';

  constructor() {
    super('The API key was replaced: the account is read afresh with the new one before anything is written');
  }
}

/**
 * The key of one worker, for as long as that worker lives. What it has read, which ids it knows and what it has found
 * gone belong to the account behind this key; with another one a known id may be missing because it is another's.
 */
export class AccountKey {
  readonly #read: () => Promise<string>;
  readonly #onChange: (error: KeyChanged) => void;
  #value: string | undefined;

  /**
   * @param read the key as it is now; rejects when there is none
   * @param onChange called before any request is sent with another key
   */
  constructor(read: () => Promise<string>, onChange: (error: KeyChanged) => void) {
    this.#read = read;
    this.#onChange = onChange;
  }

  /** @throws KeyChanged when it is no longer the one that the worker began with */
  async get(): Promise<string> {
    const value = await this.#read();
    this.#value ??= value;
    if (value === this.#value) return value;
    const error = new KeyChanged();
    this.#onChange(error);
    throw error;
  }
}
