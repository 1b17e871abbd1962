import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { CoverageProblem } from './coverage.ts';
import { type ApiOperation, DocumentError } from './documents.ts';
import type { Tally } from './tally.ts';

/** An operation, published or of the sandbox alone, that nothing which is declared asks for. */
export interface NotByFlows {
  readonly operation: string;
  readonly because: string;
}

const listSchema = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['operation', 'because'],
    properties: { operation: { type: 'string' }, because: { type: 'string', minLength: 10 } },
  },
} as const;

/** @throws DocumentError when the list is not well formed. */
export async function loadNotByFlows(file: URL | string): Promise<NotByFlows[]> {
  const list: unknown = parse(await readFile(file, 'utf8')) ?? [];
  const ajv = new Ajv();
  const isList = ajv.compile<NotByFlows[]>(listSchema);
  if (!isList(list)) throw new DocumentError(`not-by-flows.yaml: ${ajv.errorsText(isList.errors)}`);
  return list;
}

/** Operations without a success in the flows that the list does not excuse, and stale entries of it. */
export function problemsOfFlows(
  operations: readonly ApiOperation[],
  flows: Tally,
  listed: readonly NotByFlows[],
): CoverageProblem[] {
  const seen = new Set(
    flows.coverage.flatMap(([operation, status, { genuine }]) =>
      status < 300 && genuine > 0 ? [operation] : [],
    ),
  );
  const excused = new Set(listed.map(({ operation }) => operation));
  const problems: CoverageProblem[] = [];
  for (const { id } of operations) {
    const note = (problem: string) => problems.push({ operation: id, status: 200, problem });
    if (!seen.has(id) && !excused.has(id)) note('no flow of test/flows has it succeed');
    if (seen.has(id) && excused.has(id)) note('a flow has it succeed: take it out of not-by-flows.yaml');
  }
  for (const operation of excused) {
    if (operations.some(({ id }) => id === operation)) continue;
    problems.push({ operation, status: 200, problem: 'in not-by-flows.yaml, but in no document' });
  }
  return problems;
}
