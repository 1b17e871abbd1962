import { isJsonObject, type Json } from '../foundation/json.ts';
import { type Problem, parseProblem } from './errors.ts';

const statuses = ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'UNKNOWN'] as const;
/** `UNKNOWN` proves nothing, and stands for words added later too: read the object again. */
export type OperationStatus = (typeof statuses)[number];

/** An asynchronous write on its way (8x8 guide: operations). */
export interface OperationState {
  readonly operationId: string;
  readonly status: OperationStatus;
  /** The phone system's own word, where it is none of the documented ones. */
  readonly reported?: string;
  /** `USER`, `RING_GROUP`, `SITE`, …: an open list. */
  readonly resourceType?: string;
  /** Only when COMPLETED: before, some services give an id that does not hold yet. */
  readonly resourceId?: string;
  /** `CREATE`, `UPDATE`, `DELETE`, `UPDATE_MEMBERS`, …: an open list. */
  readonly operationType?: string;
  /** ISO 8601. */
  readonly createdTime?: string;
  readonly completedTime?: string;
  /** Why it FAILED. */
  readonly error?: Problem;
}

/** Reads an operation; all fields may be missing. `id` is the one asked for. */
export function parseOperation(id: string, body: Json | undefined): OperationState {
  if (!isJsonObject(body)) return { operationId: id, status: 'UNKNOWN' };
  const word = typeof body.status === 'string' ? body.status : '';
  const known = statuses.find((status) => status === word.toUpperCase());
  const status = known ?? 'UNKNOWN';
  return {
    operationId: id,
    status,
    ...(known || word === '' ? {} : { reported: word }),
    ...text('resourceType', body.resourceType),
    ...(status === 'COMPLETED' ? text('resourceId', body.resourceId) : {}),
    ...text('operationType', body.operationType),
    ...text('createdTime', body.createdTime),
    ...text('completedTime', body.completedTime),
    ...(status === 'FAILED' || isJsonObject(body.error) ? { error: parseProblem(body.error) } : {}),
  };
}

function text<N extends string>(name: N, value: Json | undefined): Partial<Record<N, string>> {
  const part: Partial<Record<N, string>> = {};
  if (typeof value === 'string' && value !== '') part[name] = value;
  return part;
}
