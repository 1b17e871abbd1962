/** A page of 1,000 users is about 4 MiB. */
export const largestAnswer = 32 * 1024 * 1024;

/** An answer is larger than what is read: whoever sends it would fill the memory of all accounts. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
  /** Bytes. */
  readonly limit: number;

  constructor(limit: number) {
    super(`The answer has more than ${limit} bytes`);
    this.limit = limit;
  }
}

/**
 * The body of an answer as text, read piece by piece; what is compressed counts as what it unpacks to.
 *
 * @param limit in bytes
 * @throws AnswerTooLarge as soon as there is more; the rest is not read
 */
export async function readBody(response: Response, limit: number): Promise<string> {
  const { body } = response;
  if (!body) return '';
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > limit) {
    await body.cancel();
    throw new AnswerTooLarge(limit);
  }
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const piece of body) {
    size += piece.byteLength;
    // Leaving the loop ends the connection.
    if (size > limit) throw new AnswerTooLarge(limit);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
