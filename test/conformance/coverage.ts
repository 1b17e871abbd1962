import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { type ApiOperation, DocumentError } from './documents.ts';

/** A declared status that no run can bring about. */
export interface Unprovoked {
  readonly operation: string;
  readonly status: number;
  readonly because: string;
}

export interface StatusCount {
  /** Exchanges in which the request itself brought the status about. */
  readonly genuine: number;
  /** Exchanges in which the sandbox was told to answer so. */
  readonly injected: number;
}

export interface CoverageProblem {
  readonly operation: string;
  readonly status: number;
  readonly problem: string;
}

const listSchema = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['operation', 'status', 'because'],
    properties: {
      operation: { type: 'string' },
      status: { type: 'integer' },
      because: { type: 'string', minLength: 10 },
    },
  },
} as const;

/** @throws DocumentError when the list is not well formed. */
export async function loadUnprovoked(file: URL | string): Promise<Unprovoked[]> {
  const list: unknown = parse(await readFile(file, 'utf8')) ?? [];
  const ajv = new Ajv();
  const isList = ajv.compile<Unprovoked[]>(listSchema);
  if (!isList(list)) throw new DocumentError(`unprovoked.yaml: ${ajv.errorsText(isList.errors)}`);
  return list;
}

/** Counts exchanges by operation and status. */
export class Coverage {
  readonly #counts = new Map<string, Map<number, StatusCount>>();

  add({ id }: Pick<ApiOperation, 'id'>, status: number, injected: boolean): void {
    this.addCount(id, status, { genuine: injected ? 0 : 1, injected: injected ? 1 : 0 });
  }

  addCount(operation: string, status: number, count: StatusCount): void {
    const byStatus = this.#counts.get(operation) ?? new Map<number, StatusCount>();
    const { genuine, injected } = byStatus.get(status) ?? { genuine: 0, injected: 0 };
    byStatus.set(status, { genuine: genuine + count.genuine, injected: injected + count.injected });
    this.#counts.set(operation, byStatus);
  }

  /** What was counted, to be added to another one's counts. */
  get counts(): readonly (readonly [operation: string, status: number, count: StatusCount])[] {
    return [...this.#counts].flatMap(([operation, byStatus]) =>
      [...byStatus].map(([status, count]) => [operation, status, count] as const),
    );
  }

  of(operation: ApiOperation): ReadonlyMap<number, StatusCount> {
    return this.#counts.get(operation.id) ?? new Map();
  }

  /**
   * What is missing: a published operation without a genuine success, a declared status that never came up and is
   * not in the committed list, and entries of that list which are stale.
   */
  problems(operations: readonly ApiOperation[], unprovoked: readonly Unprovoked[]): CoverageProblem[] {
    const problems: CoverageProblem[] = [];
    const listed = (operation: string, status: number) =>
      unprovoked.some((entry) => entry.operation === operation && entry.status === status);
    for (const operation of operations) {
      const seen = this.of(operation);
      for (const status of operation.responses.keys()) {
        const count = seen.get(status);
        const note = (problem: string) => problems.push({ operation: operation.id, status, problem });
        if (!count && !listed(operation.id, status)) note('declared, but never provoked');
        if (count && listed(operation.id, status)) note('was provoked: take it out of unprovoked.yaml');
        if (count && status < 300 && count.genuine === 0) note('only ever answered by an injected fault');
      }
    }
    for (const { operation, status } of unprovoked) {
      const known = operations.find(({ id }) => id === operation)?.responses.has(status) ?? false;
      if (!known) problems.push({ operation, status, problem: 'in unprovoked.yaml, but not declared' });
    }
    return problems;
  }
}
