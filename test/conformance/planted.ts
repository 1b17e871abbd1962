import type { HttpRequest, HttpResponse } from '../../src/foundation/http.ts';
import { isJsonArray, isJsonObject, type Json } from '../../src/foundation/json.ts';
import type { DeviationList } from './deviations.ts';
import { type Exchange, jsonBody } from './exchange.ts';
import type { ExchangeValidator } from './validator.ts';
import type { Violation, ViolationPart, ViolationSide } from './violation.ts';

/** One violation to plant into a good exchange. */
interface Plant {
  readonly name: string;
  readonly side: ViolationSide;
  readonly part: ViolationPart;
  /** Where it can go. */
  readonly operation: string;
  readonly status: number;
  /** Undefined when this exchange does not lend itself to it. */
  readonly mutate: (exchange: Exchange) => Exchange | undefined;
}

export interface PlantOutcome {
  readonly name: string;
  readonly side: ViolationSide;
  readonly operation: string;
  readonly outcome: 'caught' | 'missed' | 'no exchange to plant it in';
  /** How the validator described it. */
  readonly message?: string;
}

/** Plants each violation into a recorded good exchange and asks the validator, deviations applied, for it. */
export function plantAll(
  exchanges: readonly Exchange[],
  validator: ExchangeValidator,
  deviations: DeviationList,
): PlantOutcome[] {
  const judge = (exchange: Exchange) =>
    deviations.unexempted(validator.validate(exchange).violations, { count: false });
  return plants.map((plant) => {
    const { name, side, operation } = plant;
    for (const exchange of exchanges) {
      if (exchange.response?.status !== plant.status) continue;
      if (validator.validate(exchange).operation?.id !== operation || judge(exchange).length > 0) continue;
      const mutated = plant.mutate(exchange);
      if (!mutated) continue;
      const found = judge(mutated).find((violation) => isPlanted(violation, plant));
      return found
        ? { name, side, operation, outcome: 'caught', message: `${found.pointer} ${found.message}`.trim() }
        : { name, side, operation, outcome: 'missed' };
    }
    return { name, side, operation, outcome: 'no exchange to plant it in' };
  });
}

function isPlanted(violation: Violation, plant: Plant): boolean {
  return violation.side === plant.side && violation.part === plant.part;
}

/** Replaces the member at a path of names; a number picks a list element. Undefined when the way there is missing. */
function replaced(
  value: Json | undefined,
  path: readonly (string | number)[],
  to: Json | undefined,
): Json | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return to;
  if (isJsonArray(value) && typeof head === 'number') {
    const inner = head in value ? replaced(value[head], rest, to) : undefined;
    return inner === undefined ? undefined : value.with(head, inner);
  }
  if (!isJsonObject(value) || typeof head !== 'string') return undefined;
  const copy: { [name: string]: Json } = { ...value };
  const inner = replaced(value[head], rest, to);
  if (rest.length > 0 && inner === undefined) return undefined;
  if (inner === undefined) delete copy[head];
  else copy[head] = inner;
  return copy;
}

type Path = readonly (string | number)[];

function inRequestBody(path: Path, to: Json | undefined) {
  return (exchange: Exchange): Exchange | undefined => {
    const body = replaced(jsonBody(exchange.request.body), path, to);
    return body === undefined ? undefined : withRequest(exchange, { body: JSON.stringify(body) });
  };
}

function inResponseBody(path: Path, to: Json | undefined) {
  return (exchange: Exchange): Exchange | undefined => {
    const body = replaced(jsonBody(exchange.response?.body), path, to);
    return body === undefined ? undefined : withResponse(exchange, { body: JSON.stringify(body) });
  };
}

function withRequest(exchange: Exchange, change: Partial<HttpRequest>): Exchange {
  return { ...exchange, request: { ...exchange.request, ...change } };
}

function withResponse(exchange: Exchange, change: Partial<HttpResponse>): Exchange | undefined {
  return exchange.response && { ...exchange, response: { ...exchange.response, ...change } };
}

function withQuery(name: string, value: string) {
  return (exchange: Exchange): Exchange => {
    const url = new URL(exchange.request.url);
    url.searchParams.set(name, value);
    return withRequest(exchange, { url: url.href });
  };
}

function withResponseHeader(name: string, value: string) {
  return (exchange: Exchange) =>
    withResponse(exchange, { headers: { ...exchange.response?.headers, [name]: value } });
}

const inRequest = (
  name: string,
  part: ViolationPart,
  operation: string,
  status: number,
  mutate: Plant['mutate'],
) => ({ side: 'request', name, part, operation, status, mutate }) satisfies Plant;
const inResponse = (
  name: string,
  part: ViolationPart,
  operation: string,
  status: number,
  mutate: Plant['mutate'],
) => ({ side: 'response', name, part, operation, status, mutate }) satisfies Plant;

const plants: readonly Plant[] = [
  inRequest('unknown field', 'body', 'createUser', 202, inRequestBody(['basicInfo', 'nickname'], 'Jo')),
  inRequest('wrong type', 'body', 'createSite', 202, inRequestBody(['extensionLength'], '4')),
  inRequest('wrong enum', 'body', 'createRingGroup', 202, inRequestBody(['ringPattern'], 'RANDOM')),
  inRequest('missing required', 'body', 'createAddress', 200, inRequestBody(['country'], undefined)),
  inRequest('read-only sent', 'body', 'createUser', 202, inRequestBody(['basicInfo', 'userId'], 'planted')),
  inRequest(
    'bad format',
    'body',
    'updateUser',
    202,
    inRequestBody(['basicInfo', 'primaryEmail'], 'no email'),
  ),
  inRequest('null where not nullable', 'body', 'updateRingGroup', 202, inRequestBody(['name'], null)),
  inRequest('wrong media type', 'mediaType', 'createUser', 202, (exchange) =>
    withRequest(exchange, { headers: { ...exchange.request.headers, 'content-type': 'application/json' } }),
  ),
  inRequest('unknown query parameter', 'query', 'listUsers', 200, withQuery('customerId', 'x')),
  inRequest('query out of range', 'query', 'listRingGroups', 200, withQuery('pageSize', '1001')),
  inResponse(
    'unknown field in a row',
    'body',
    'listUsers',
    200,
    inResponseBody(['data', 0, 'basicInfo', 'nickname'], 'Jo'),
  ),
  inResponse(
    'wrong type',
    'body',
    'listPhoneNumbers',
    200,
    inResponseBody(['pagination', 'hasMore'], 'false'),
  ),
  inResponse('wrong enum', 'body', 'getOperation', 200, inResponseBody(['status'], 'DONE')),
  inResponse(
    'missing required',
    'body',
    'getUser',
    200,
    inResponseBody(['basicInfo', 'userName'], undefined),
  ),
  inResponse('bad format', 'body', 'getUser', 200, inResponseBody(['basicInfo', 'createdTime'], 'yesterday')),
  inResponse('null where not nullable', 'body', 'getRingGroup', 200, inResponseBody(['ringTimeout'], null)),
  inResponse(
    'wrong media type',
    'mediaType',
    'getAddress',
    200,
    withResponseHeader('content-type', 'text/html'),
  ),
  inResponse('undeclared status', 'status', 'updateUser', 202, (exchange) =>
    withResponse(exchange, { status: 418 }),
  ),
  inResponse('bad header', 'header', 'listSites', 200, withResponseHeader('x-response-id', 'none')),
  inResponse('body where none is declared', 'body', 'deleteAddress', 204, (exchange) =>
    withResponse(exchange, { body: '{}' }),
  ),
];
