import {
  inRequestBody,
  inResponseBody,
  type Mutation,
  withQuery,
  withRequest,
  withResponse,
  withResponseHeader,
} from './mutation.ts';
import type { Plant } from './planted.ts';
import type { ViolationPart } from './violation.ts';

const inRequest = (name: string, part: ViolationPart, operation: string, status: number, mutate: Mutation) =>
  ({ side: 'request', name, part, operation, status, mutate }) satisfies Plant;
const inResponse = (name: string, part: ViolationPart, operation: string, status: number, mutate: Mutation) =>
  ({ side: 'response', name, part, operation, status, mutate }) satisfies Plant;

/** Ten violations on either side, each into an operation of the published API. */
export const publishedPlants: readonly Plant[] = [
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
