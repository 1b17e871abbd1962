import type { ErrorObject } from 'ajv';
import type { ApiOperation } from './documents.ts';
import { type Exchange, jsonBody } from './exchange.ts';
import { acceptsAny, mediaTypeEssence } from './media-type.ts';
import { withoutPassedThrough } from './pass-through.ts';
import { collectErrors, describeAt } from './schema-errors.ts';
import { OpenApiRequestValidator } from './third-party.ts';
import type { Violation } from './violation.ts';

export type Finding = Pick<Violation, 'part' | 'pointer' | 'rule' | 'found' | 'message'>;

/** Headers that belong to HTTP itself and that no OpenAPI document declares. */
const httpRequestHeaders = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'host',
  'user-agent',
]);

const partOfLocation: Readonly<Record<string, Violation['part']>> = {
  body: 'body',
  headers: 'header',
  path: 'path',
  query: 'query',
};

/** Checks the requests of one operation against its document. */
export class RequestChecks {
  readonly #operation: ApiOperation;
  /** Parameters arrive as text and are coerced to their declared type; a body never is. */
  readonly #parameters: InstanceType<typeof OpenApiRequestValidator>;
  readonly #body: InstanceType<typeof OpenApiRequestValidator> | undefined;

  constructor(operation: ApiOperation) {
    this.#operation = operation;
    const errorTransformer = (_: unknown, error: ErrorObject) => error;
    this.#parameters = new OpenApiRequestValidator({
      parameters: [...operation.parameters],
      additionalQueryProperties: false,
      errorTransformer,
      ajvOptions: { coerceTypes: true, useDefaults: false },
    });
    this.#body =
      operation.requestBody &&
      new OpenApiRequestValidator({
        requestBody: {
          required: operation.requestBody.required,
          content: Object.fromEntries(
            [...operation.requestBody.content].map(([type, schema]) => [type, { schema }]),
          ),
        },
        errorTransformer,
        ajvOptions: { useDefaults: false },
      });
  }

  check(exchange: Exchange, params: Readonly<Record<string, string>>): Finding[] {
    return [
      ...this.#checkParameters(exchange, params),
      ...this.#checkHeaders(exchange),
      ...this.#checkBody(exchange),
    ];
  }

  #checkParameters({ request }: Exchange, params: Readonly<Record<string, string>>): Finding[] {
    const findings: Finding[] = [];
    const declared = new Set(
      this.#operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    );
    const search = new URL(request.url).searchParams;
    const query: Record<string, string> = {};
    for (const [name, value] of search) {
      // The validator looks at unknown parameters only where at least one is declared, and sees no repetition.
      if (declared.size === 0) {
        findings.push(finding('query', name, 'undeclared', value, 'is not a declared query parameter'));
      }
      if (name in query) findings.push(finding('query', name, 'repeated', value, 'is given more than once'));
      query[name] = value;
    }
    const given = { headers: { ...request.headers }, params: { ...params }, query: { ...query } };
    const outcome: { errors?: ErrorObject[] } | undefined = this.#parameters.validateRequest(given);
    for (const [location, errors] of byLocation(outcome?.errors ?? [])) {
      const source = location === 'query' ? query : location === 'path' ? params : request.headers;
      for (const error of collectErrors(errors, '')) {
        const part = partOfLocation[location] ?? 'path';
        const name = error.pointer.slice(1);
        const found = describeAt({ ...source }, error.pointer);
        findings.push(finding(part, name, error.rule, found, error.message));
      }
    }
    return findings;
  }

  #checkHeaders({ request }: Exchange): Finding[] {
    const { keyHeader, parameters, responses } = this.#operation;
    const findings: Finding[] = [];
    const declared = new Set(
      parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name.toLowerCase()),
    );
    for (const [name, value] of Object.entries(request.headers)) {
      if (httpRequestHeaders.has(name) || declared.has(name)) continue;
      if (name === keyHeader) continue;
      findings.push(finding('header', name, 'undeclared', value, 'is not a declared header'));
    }
    if (keyHeader !== undefined && (request.headers[keyHeader] ?? '') === '') {
      findings.push(finding('header', keyHeader, 'missing', 'absent', 'carries the API key and is missing'));
    }
    const { accept } = request.headers;
    const successTypes = [...responses]
      .filter(([status]) => status < 300)
      .flatMap(([, response]) => [...response.content.keys()]);
    if (successTypes.length === 0) return findings;
    if (accept !== undefined && !acceptsAny(accept, successTypes)) {
      const message = `lets none of the declared types through: ${successTypes.join(', ')}`;
      findings.push(finding('header', 'accept', 'mediaType', accept, message));
    }
    if (accept === undefined && (request.method === 'GET' || request.method === 'DELETE')) {
      findings.push(finding('header', 'accept', 'missing', 'absent', 'names the API version and is missing'));
    }
    return findings;
  }

  #checkBody({ request, previous }: Exchange): Finding[] {
    const declared = this.#operation.requestBody;
    const hasBody = request.body !== undefined && request.body.length > 0;
    if (!declared || !this.#body) {
      return hasBody ? [finding('body', '', 'undeclared', 'body', 'must have no body')] : [];
    }
    if (!hasBody)
      return declared.required ? [finding('body', '', 'missing', 'absent', 'must have a body')] : [];
    const findings: Finding[] = [];
    let mediaType = mediaTypeEssence(request.headers['content-type']);
    if (!declared.content.has(mediaType)) {
      const known = [...declared.content.keys()];
      const message = `must be ${known.join(' or ')}`;
      findings.push(finding('mediaType', '', 'undeclared', mediaType || 'absent', message));
      // The body is checked all the same, as what it should have been called.
      mediaType = known[0] ?? mediaType;
    }
    const schema = declared.content.get(mediaType);
    if (schema?.format === 'binary') return findings;
    const sent = jsonBody(request.body);
    if (sent === undefined) {
      return [...findings, finding('body', '', 'syntax', 'text', 'is not JSON')];
    }
    const body = withoutPassedThrough(sent, schema ?? {}, previous);
    const outcome: { errors?: ErrorObject[] } | undefined = this.#body.validateRequest({
      headers: { 'content-type': mediaType },
      body,
    });
    for (const error of collectErrors(outcome?.errors ?? [], '/body')) {
      findings.push(
        finding('body', error.pointer, error.rule, describeAt(body, error.pointer), error.message),
      );
    }
    return findings;
  }
}

function byLocation(errors: readonly ErrorObject[]): Map<string, ErrorObject[]> {
  return Map.groupBy(errors, (error) =>
    'location' in error && typeof error.location === 'string' ? error.location : '',
  );
}

export function finding(
  part: Finding['part'],
  pointer: string,
  rule: string,
  found: string,
  message: string,
): Finding {
  return { part, pointer, rule, found, message };
}
