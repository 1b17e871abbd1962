import type { ApiOperation } from './documents.ts';
import { type Exchange, pathBelow } from './exchange.ts';
import { type Finding, finding, RequestChecks } from './request-checks.ts';
import { ResponseChecks } from './response-checks.ts';
import { findRoute } from './routes.ts';
import type { Violation, ViolationSide } from './violation.ts';

export interface Validation {
  /** Missing when no document has the path or its method. */
  readonly operation?: ApiOperation;
  readonly violations: readonly Violation[];
}

/** Holds exchanges, in both directions, against OpenAPI documents read strictly. */
export class ExchangeValidator {
  readonly #baseUrl: string;
  readonly #operations: readonly ApiOperation[];
  readonly #checks = new Map<ApiOperation, { request: RequestChecks; response: ResponseChecks }>();

  /** `baseUrl` stands for the server's URL in the documents. */
  constructor(baseUrl: string, operations: readonly ApiOperation[]) {
    this.#baseUrl = baseUrl;
    this.#operations = operations;
  }

  validate(exchange: Exchange): Validation {
    const { request, response } = exchange;
    const status = response?.status ?? 0;
    const path = pathBelow(this.#baseUrl, request.url);
    const route = findRoute(path === undefined ? [] : this.#operations, request.method, path ?? '');
    if (route.kind !== 'matched') {
      const part = route.kind === 'methodUndeclared' ? 'method' : 'path';
      const problem = finding('path', '', 'undeclared', request.method, `no document declares this ${part}`);
      return { violations: placed([problem], `${request.method} ${path ?? request.url}`, status, 'request') };
    }
    const { operation, params } = route;
    const checks = this.#checksOf(operation);
    const violations = placed(checks.request.check(exchange, params), operation.id, status, 'request');
    if (response) {
      violations.push(...placed(checks.response.check(response), operation.id, status, 'response'));
    }
    return { operation, violations };
  }

  #checksOf(operation: ApiOperation) {
    let checks = this.#checks.get(operation);
    if (!checks) {
      checks = { request: new RequestChecks(operation), response: new ResponseChecks(operation) };
      this.#checks.set(operation, checks);
    }
    return checks;
  }
}

function placed(
  findings: readonly Finding[],
  operation: string,
  status: number,
  side: ViolationSide,
): Violation[] {
  return findings.map((problem) => ({ operation, status, side, ...problem }));
}
