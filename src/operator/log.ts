import { type DestinationStream, type LevelWithSilent, type Logger as Pino, pino } from 'pino';
import { redact } from './redact.ts';

/**
 * What may stand beside a message: ids, names of Kubernetes objects, counts, times. A field that is not listed
 * here does not compile, and is dropped at run time, so that no email or phone number slips in as "context".
 */
export interface LogFields {
  readonly namespace?: string;
  readonly kind?: string;
  /** Name of a Kubernetes object. */
  readonly name?: string;
  readonly uid?: string;
  readonly generation?: number;
  /** Id of a phone account: `namespace/name` of its PhoneSystem. */
  readonly account?: string;
  /** Id of an object in the phone system. */
  readonly externalId?: string;
  readonly operationId?: string;
  readonly requestId?: string;
  readonly responseId?: string;
  readonly method?: string;
  /** Path of a request as a template, without ids or query: `/users/{id}`. */
  readonly route?: string;
  readonly status?: number;
  readonly reason?: string;
  readonly attempt?: number;
  readonly count?: number;
  readonly durationMs?: number;
  readonly waitMs?: number;
  readonly address?: string;
  readonly version?: string;
  readonly error?: unknown;
}

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds these fields to each line. */
  with(fields: LogFields): Log;
}

const ALLOWED: Readonly<Record<keyof LogFields, true>> = {
  namespace: true,
  kind: true,
  name: true,
  uid: true,
  generation: true,
  account: true,
  externalId: true,
  operationId: true,
  requestId: true,
  responseId: true,
  method: true,
  route: true,
  status: true,
  reason: true,
  attempt: true,
  count: true,
  durationMs: true,
  waitMs: true,
  address: true,
  version: true,
  error: true,
};

/** Fields whose values are opaque ids: digits in them are no phone numbers. */
const OPAQUE = new Set(['uid', 'externalId', 'operationId', 'requestId', 'responseId', 'address', 'version']);

/** JSON lines with an RFC 3339 time, on stdout unless another destination is given. */
export function createLog(options: { level?: LevelWithSilent; destination?: DestinationStream } = {}): Log {
  const settings = {
    level: options.level ?? 'info',
    base: null,
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(options.destination ? pino(settings, options.destination) : pino(settings), {});
}

function wrap(logger: Pino, bound: LogFields): Log {
  const line = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) => {
    if (logger.isLevelEnabled(level)) logger[level](clean({ ...bound, ...fields }), redact(message));
  };
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    with: (fields) => wrap(logger, { ...bound, ...fields }),
  };
}

function clean(fields: LogFields): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(ALLOWED, name) || value === undefined) continue;
    if (name === 'error') result[name] = describeError(value);
    else if (typeof value === 'number') result[name] = value;
    else if (typeof value === 'string') result[name] = cleanText(name, value);
  }
  return result;
}

function cleanText(name: string, value: string): string {
  // An id that is an email or an E.164 number is one all the same.
  if (!OPAQUE.has(name) || value.includes('@') || value.startsWith('+')) return redact(value);
  return value;
}

const MAX_CAUSES = 5;

/** Class, code and message of an error and its causes; never other members, which may hold whole bodies. */
function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: redact(String(error)) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const kind = 'kind' in error && typeof error.kind === 'string' ? { kind: error.kind } : {};
  const cause =
    error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: describeError(error.cause, depth + 1) };
  // The head of a stack is the message again, personal data included.
  const at =
    depth === 0
      ? {
          at: error.stack
            ?.split('\n')
            .find((each) => /^\s+at /.test(each))
            ?.trim(),
        }
      : {};
  return { type: error.name, message: redact(error.message), ...code, ...kind, ...at, ...cause };
}
