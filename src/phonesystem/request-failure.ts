import { AnswerTooLarge } from './answer-body.ts';
import { type Answer, type Call, isWrite } from './call.ts';
import { ApiError, classify, describe, parseProblem } from './errors.ts';
import { WriteRefused } from './read-only-transport.ts';
import { lackedScope } from './scopes.ts';
import { failureCode, surelyNotSent } from './send-outcome.ts';
import { HostNotAllowed, RedirectRefused, RequestTimeout } from './transport.ts';

/** Whether the request may be sent once more after this error. */
export function mayRepeat(call: Call, error: ApiError): boolean {
  if (error.kind === 'rateLimited') return true;
  // It would be as large again.
  if (error.cause instanceof AnswerTooLarge) return false;
  if (error.kind === 'unavailable' && isWrite(call)) return surelyNotSent(error.cause);
  if (error.kind === 'unclear') return call.repeatable === true;
  return error.kind === 'unavailable' || error.kind === 'timeout';
}

/** No answer came. Refusals of our own are thrown on: they say that nothing was sent. */
export function lost(call: Call, error: unknown, requestId: string): ApiError {
  if (error instanceof HostNotAllowed || error instanceof WriteRefused) throw error;
  if (error instanceof RedirectRefused) throw error;
  const name = `${call.method} ${call.template}`;
  const code = failureCode(error);
  const why = code ?? (error instanceof Error ? error.name : 'unknown');
  if (surelyNotSent(error)) {
    return new ApiError({
      kind: 'unavailable',
      message: `${name} could not be sent (${why})`,
      requestId,
      cause: error,
    });
  }
  const timedOut = error instanceof RequestTimeout;
  const tooLarge = error instanceof AnswerTooLarge;
  const said = timedOut
    ? 'got no answer in time'
    : tooLarge
      ? `got an answer of more than ${error.limit / 2 ** 20} MiB, which was not read to its end`
      : `got no answer (${why})`;
  if (isWrite(call)) {
    return new ApiError({
      kind: 'unclear',
      message: `${name} ${said}: whether it was carried out is not known`,
      requestId,
      cause: error,
    });
  }
  return new ApiError({
    kind: timedOut ? 'timeout' : 'unavailable',
    message: `${name} ${said}`,
    requestId,
    cause: error,
  });
}

/** The answer was 400 or above. */
export function refused(call: Call, answer: Answer, resetInMs: number | undefined): ApiError {
  const problem = parseProblem(answer.body);
  const responseId = answer.responseId ?? problem.responseId;
  const kind = classify(answer.status, isWrite(call));
  const scope =
    kind === 'forbidden' && call.scope !== undefined ? lackedScope(problem, call.scope) : undefined;
  // A proxy that does not find the phone system says nothing about the object.
  const misled = kind === 'notFound' && answer.foreign;
  return new ApiError({
    kind: misled ? (isWrite(call) ? 'unclear' : 'unavailable') : kind,
    message: describe(call.method, call.template, answer.status, problem),
    status: answer.status,
    ...(problem.code === undefined ? {} : { code: problem.code }),
    fields: problem.fields,
    requestId: answer.requestId,
    ...(responseId === undefined ? {} : { responseId }),
    ...(scope === undefined ? {} : { lackedScope: scope }),
    ...(resetInMs === undefined || answer.status !== 429 ? {} : { retryAfterMs: resetInMs }),
  });
}
