import type { ErrorObject } from 'ajv';
import type { HttpResponse } from '../../src/foundation/http.ts';
import type { Json } from '../../src/foundation/json.ts';
import type { ApiOperation, DeclaredResponse } from './documents.ts';
import { jsonBody } from './exchange.ts';
import { mediaTypeEssence } from './media-type.ts';
import { type Finding, finding } from './request-checks.ts';
import { collectErrors, describeAt, formatChecks } from './schema-errors.ts';
import type { Schema } from './strict-schema.ts';
import { OpenApiResponseValidator } from './third-party.ts';

/** Headers that belong to HTTP itself and that no OpenAPI document declares. */
const httpResponseHeaders = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

/** Checks the answers to one operation against its document. */
export class ResponseChecks {
  readonly #operation: ApiOperation;
  readonly #compiled = new WeakMap<object, InstanceType<typeof OpenApiResponseValidator>>();

  constructor(operation: ApiOperation) {
    this.#operation = operation;
  }

  check(response: HttpResponse): Finding[] {
    const declared = this.#operation.responses.get(response.status);
    if (!declared) {
      const known = [...this.#operation.responses.keys()].join(', ');
      return [
        finding('status', '', 'undeclared', String(response.status), `is not among the declared ${known}`),
        // The body of an error is of one shape throughout a document, so it can be checked all the same.
        ...this.#checkUndeclaredError(response),
      ];
    }
    return [...this.#checkHeaders(response, declared), ...this.#checkBody(response, declared)];
  }

  #checkUndeclaredError(response: HttpResponse): Finding[] {
    const sibling = [...this.#operation.responses].find(([status]) => status >= 400)?.[1];
    if (response.status < 400 || !sibling) return [];
    return [...this.#checkHeaders(response, sibling), ...this.#checkBody(response, sibling)];
  }

  #checkHeaders(response: HttpResponse, declared: DeclaredResponse): Finding[] {
    const findings: Finding[] = [];
    const properties: Record<string, Schema> = {};
    const values: Record<string, Json> = {};
    for (const [name, schema] of declared.headers) {
      properties[name] = schema;
      const value = response.headers[name];
      if (value === undefined) {
        findings.push(finding('header', name, 'missing', 'absent', 'is declared and missing'));
      } else {
        values[name] = schema.type === 'integer' || schema.type === 'number' ? Number(value) : value;
      }
    }
    for (const error of this.#errors({ type: 'object', properties }, values, declared.headers)) {
      const found = describeAt(values, error.pointer);
      findings.push(finding('header', error.pointer.slice(1), error.rule, found, error.message));
    }
    for (const [name, value] of Object.entries(response.headers)) {
      if (declared.headers.has(name) || httpResponseHeaders.has(name)) continue;
      findings.push(finding('header', name, 'undeclared', value, 'is not a declared header'));
    }
    return findings;
  }

  #checkBody(response: HttpResponse, declared: DeclaredResponse): Finding[] {
    if (declared.content.size === 0) {
      return response.body === '' ? [] : [finding('body', '', 'undeclared', 'body', 'must have no body')];
    }
    const findings: Finding[] = [];
    let mediaType = mediaTypeEssence(response.headers['content-type']);
    if (!declared.content.has(mediaType)) {
      const known = [...declared.content.keys()];
      const message = `must be ${known.join(' or ')}`;
      findings.push(finding('mediaType', '', 'undeclared', mediaType || 'absent', message));
      mediaType = known[0] ?? mediaType;
    }
    const schema = declared.content.get(mediaType);
    const body = jsonBody(response.body);
    if (!schema || body === undefined) {
      return [
        ...findings,
        finding('body', '', 'syntax', response.body === '' ? 'absent' : 'text', 'is not JSON'),
      ];
    }
    for (const error of this.#errors(schema, body, schema)) {
      findings.push(
        finding('body', error.pointer, error.rule, describeAt(body, error.pointer), error.message),
      );
    }
    return findings;
  }

  #errors(schema: Schema, value: Json, cacheKey: object) {
    let validator = this.#compiled.get(cacheKey);
    if (!validator) {
      validator = new OpenApiResponseValidator({
        responses: { '200': { schema } },
        customFormats: formatChecks,
        errorTransformer: (_, error: ErrorObject) => error,
      });
      this.#compiled.set(cacheKey, validator);
    }
    // A copy, because the validator fills in defaults.
    const outcome: { errors?: ErrorObject[] } | undefined = validator.validateResponse(
      200,
      structuredClone(value),
    );
    return collectErrors(outcome?.errors ?? [], '/response');
  }
}
