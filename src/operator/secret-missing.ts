/** A Secret, or a key in it, is not there or may not be read; the message says which and what to do. */
export class SecretMissing extends Error {
  override readonly name = 'SecretMissing';
}
