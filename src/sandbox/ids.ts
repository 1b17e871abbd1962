/** A small, fast, seeded generator (mulberry32): uniform numbers in [0, 1). Not for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Identifiers in the shapes of the published examples, the same ones for the same seed. */
export class IdSource {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** 16 random bytes as 22 characters of base64url, such as `hvOB1l3zDCaDAwp9tNLzZA`. */
  opaque(): string {
    return this.#bytes().toString('base64url');
  }

  /** A version 4 UUID, as addresses and response ids have. */
  uuid(): string {
    const bytes = this.#bytes();
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  #bytes(): Buffer {
    const bytes = Buffer.alloc(16);
    for (let offset = 0; offset < 16; offset += 4) {
      bytes.writeUInt32BE(Math.floor(this.#random() * 4294967296), offset);
    }
    return bytes;
  }
}
