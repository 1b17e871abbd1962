import { type ApiOperation, operationsOf } from '../../conformance/documents.ts';
import type { Exchange } from '../../conformance/exchange.ts';
import { ExchangeValidator } from '../../conformance/validator.ts';
import type { Violation } from '../../conformance/violation.ts';

/** A document just large enough to hold every construct that the published ones use. */
const tinyDocument = `
openapi: 3.0.0
info: { title: Tiny, version: "1.0" }
security: [{ Key: [] }]
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - { name: X-Request-Id, in: header, schema: { type: string, format: uuid } }
        - { name: pageSize, in: query, schema: { type: integer, minimum: 1, maximum: 10, default: 5 } }
      responses: { "200": { $ref: '#/components/responses/Thing' } }
    post:
      operationId: createThing
      requestBody:
        required: true
        content: { application/vnd.things.v1+json: { schema: { $ref: '#/components/schemas/Thing' } } }
      responses: { "202": { $ref: '#/components/responses/Thing' }, "400": { $ref: '#/components/responses/Problem' } }
  /things/{thingId}:
    parameters: [{ name: thingId, in: path, required: true, schema: { type: string, pattern: '^t[0-9]+$' } }]
    get:
      operationId: getThing
      responses: { "200": { $ref: '#/components/responses/Thing' } }
    put:
      operationId: updateThing
      requestBody:
        required: true
        content: { application/vnd.things.v1+json: { schema: { $ref: '#/components/schemas/Thing' } } }
      responses: { "202": { $ref: '#/components/responses/Thing' } }
    delete:
      operationId: deleteThing
      responses: { "204": { description: gone, headers: { X-Response-Id: { schema: { type: string, format: uuid } } } } }
components:
  securitySchemes: { Key: { type: apiKey, in: header, name: x-api-key } }
  responses:
    Thing:
      description: a thing
      headers: { X-Response-Id: { schema: { type: string, format: uuid } } }
      content: { application/vnd.things.v1+json: { schema: { $ref: '#/components/schemas/Thing' } } }
    Problem:
      description: a problem
      content: { application/json: { schema: { type: object, properties: { code: { type: string } } } } }
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        id: { type: string, readOnly: true, nullable: true }
        createdTime: { type: string, format: date-time, readOnly: true }
        name: { type: string, minLength: 2 }
        email: { type: string, format: email, nullable: true }
        colour: { type: string, enum: [RED, BLUE], nullable: true }
        size: { type: string, enum: [S, L] }
        part: { $ref: '#/components/schemas/Part' }
        caller: { allOf: [{ $ref: '#/components/schemas/Part' }], nullable: true }
        parts: { type: array, items: { $ref: '#/components/schemas/Part' }, nullable: true }
    Part:
      type: object
      properties: { number: { type: integer }, serial: { type: string, readOnly: true } }
`;

export const baseUrl = 'https://phone.example.com/admin';
export const mediaType = 'application/vnd.things.v1+json';
const someUuid = '7c1c2f0e-51a1-4c1b-9d3f-3a6f7f0a1b2c';

export const tinyOperations: readonly ApiOperation[] = operationsOf('tiny.yaml', tinyDocument, true);

export interface ExchangeParts {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path?: string;
  readonly requestHeaders?: Record<string, string>;
  readonly requestBody?: unknown;
  readonly status?: number;
  readonly responseHeaders?: Record<string, string>;
  readonly responseBody?: unknown;
  readonly previous?: Exchange['previous'];
}

/** A good exchange, but for the parts that a test names. */
export function exchangeOf(parts: ExchangeParts): Exchange {
  const method = parts.method ?? 'GET';
  const status = parts.status ?? (method === 'GET' ? 200 : 202);
  return {
    injected: false,
    ...(parts.previous !== undefined && { previous: parts.previous }),
    request: {
      method,
      url: `${baseUrl}${parts.path ?? '/things'}`,
      headers: {
        'x-api-key': 'k',
        accept: mediaType,
        ...(parts.requestBody !== undefined && { 'content-type': mediaType }),
        ...parts.requestHeaders,
      },
      ...(parts.requestBody !== undefined && { body: JSON.stringify(parts.requestBody) }),
    },
    response: {
      status,
      headers: { 'content-type': mediaType, 'x-response-id': someUuid, ...parts.responseHeaders },
      body:
        status === 204 && parts.responseBody === undefined
          ? ''
          : JSON.stringify(parts.responseBody ?? { name: 'a thing' }),
    },
  };
}

/** What the validator has against an exchange, one line each: `side part pointer rule`. */
export function complaints(parts: ExchangeParts): string[] {
  const { violations } = new ExchangeValidator(baseUrl, tinyOperations).validate(exchangeOf(parts));
  return violations.map(summary);
}

export function summary({ side, part, pointer, rule }: Violation): string {
  return [side, part, pointer, rule].filter((text) => text !== '').join(' ');
}
