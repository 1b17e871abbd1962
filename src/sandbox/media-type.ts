import { ApiProblem } from './problem.ts';

/** What a route reads and writes. */
export interface MediaTypes {
  /** Types it can answer in; the first is what a client without a preference gets. */
  readonly response: readonly [string, ...string[]];
  /** Types a body may have; left out: those of `response`. */
  readonly request?: readonly string[];
  /** Type of an error body; left out: the type agreed for the answer. */
  readonly error?: string;
  /** `false` leaves the body unparsed. */
  readonly json?: boolean;
}

/** Picks the answer's type from an Accept header. Throws 406 when nothing fits. */
export function negotiate(accept: string | undefined, types: MediaTypes): string {
  if (accept === undefined || accept.trim() === '') return types.response[0];
  const ranges = accept
    .split(',')
    .map((range) => range.split(';'))
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^\s*q=0(\.0*)?\s*$/.test(parameter)))
    .map(([range]) => (range ?? '').trim().toLowerCase());
  const accepted = types.response.find((type) =>
    ranges.some((range) => range === '*/*' || range === 'application/*' || range === type),
  );
  if (accepted === undefined) {
    throw new ApiProblem(406, 'Not Acceptable', [
      { code: 'BAD_REQUEST', message: `Acceptable representations: ${types.response.join(', ')}` },
    ]);
  }
  return accepted;
}

/** The media type of a Content-Type header, without parameters, in lower case. */
export function bareType(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Throws 415 when the body's type is not one that the route reads. */
export function requireContentType(contentType: string, types: MediaTypes): void {
  const readable = types.request ?? types.response;
  if (readable.includes(contentType)) return;
  throw new ApiProblem(415, 'Unsupported Media Type', [
    { code: 'BAD_REQUEST', message: `Supported media types: ${readable.join(', ')}` },
  ]);
}
