import type { Unprovoked } from './coverage.ts';
import type { ApiOperation } from './documents.ts';
import type { Judgement } from './judgement.ts';
import { formatViolation } from './violation.ts';

/** The run as text: what was exercised, what was exempted, what was planted, what is wrong. */
export function report(
  judgement: Judgement,
  operations: readonly ApiOperation[],
  unprovoked: readonly Unprovoked[],
): string {
  const published = operations.filter((operation) => operation.published);
  const own = operations.filter((operation) => !operation.published);
  return [
    '# Operations × statuses × exchanges',
    '(* some of them answered by an injected fault, ** all of them)',
    '',
    ...coverageTable(judgement, published),
    '',
    ...(judgement.exchanges > 0 ? ownOperations(judgement, own) : []),
    ...listUnprovoked(unprovoked),
    ...deviations(judgement),
    ...planted(judgement),
    ...problems(judgement),
    totals(judgement, published),
  ].join('\n');
}

function coverageTable(judgement: Judgement, operations: readonly ApiOperation[]): string[] {
  const statuses = new Set<number>();
  for (const operation of operations) {
    for (const status of operation.responses.keys()) statuses.add(status);
    for (const status of judgement.coverage.of(operation).keys()) statuses.add(status);
  }
  const columns = [...statuses].sort((a, b) => a - b);
  const rows = operations.map((operation) => [
    operation.id,
    ...columns.map((status) => cell(judgement, operation, status)),
  ]);
  return table([['operation', ...columns.map(String)], ...rows]);
}

/** Blank: neither declared nor seen. `-`: declared, not seen. `!`: seen, not declared. */
function cell(judgement: Judgement, operation: ApiOperation, status: number): string {
  const count = judgement.coverage.of(operation).get(status);
  const declared = operation.responses.has(status);
  if (!count) return declared ? '-' : '';
  const mark = count.injected === 0 ? '' : count.genuine === 0 ? '**' : '*';
  return `${count.genuine + count.injected}${mark}${declared ? '' : '!'}`;
}

function ownOperations(judgement: Judgement, operations: readonly ApiOperation[]): string[] {
  const used = operations.filter((operation) => judgement.coverage.of(operation).size > 0);
  if (used.length === 0) return [];
  const lines = used.map((operation) => {
    const counts = [...judgement.coverage.of(operation)].map(
      ([status, { genuine, injected }]) => `${status} × ${genuine + injected}`,
    );
    return `  ${operation.id}: ${counts.join(', ')}`;
  });
  return ["# Also validated, against the sandbox's own OpenAPI file", '', ...lines, ''];
}

function listUnprovoked(unprovoked: readonly Unprovoked[]): string[] {
  if (unprovoked.length === 0) return [];
  const lines = unprovoked.map(({ because, operation, status }) => `  ${operation} ${status}: ${because}`);
  return ['# Declared statuses that cannot be provoked', '', ...lines, ''];
}

function deviations(judgement: Judgement): string[] {
  const rows = judgement.deviations.map(({ deviation, unusedOperations, used }) => [
    deviation.id,
    deviation.cites,
    used === 0 ? 'UNUSED' : `used ${used} ×${unusedOperations.length > 0 ? ', IN PART' : ''}`,
  ]);
  return ['# Deviations', '', ...table([['id', 'cites', 'use'], ...rows]), ''];
}

function planted(judgement: Judgement): string[] {
  const rows = judgement.planted.map(({ message, name, operation, outcome, side }) => [
    side,
    name,
    operation,
    outcome === 'caught' ? 'caught' : outcome.toUpperCase(),
    message ?? '',
  ]);
  return ['# Planted violations', '', ...table([['side', 'violation', 'in', 'outcome', 'as'], ...rows]), ''];
}

function problems(judgement: Judgement): string[] {
  const lines = [
    ...judgement.violations.map(
      ({ times, violation }) => `  ${formatViolation(violation)}${times > 1 ? ` (${times} ×)` : ''}`,
    ),
    ...judgement.coverageProblems.map(
      ({ operation, problem, status }) => `  ${operation} ${status}: ${problem}`,
    ),
    ...judgement.deviations
      .filter(({ used }) => used === 0)
      .map(({ deviation }) => `  deviation ${deviation.id}: not needed by this run; take it out`),
    ...judgement.deviations
      .filter(({ unusedOperations, used }) => used > 0 && unusedOperations.length > 0)
      .map(
        ({ deviation, unusedOperations }) =>
          `  deviation ${deviation.id}: not needed for ${unusedOperations.join(', ')}; take ${unusedOperations.length === 1 ? 'it' : 'them'} out of operations`,
      ),
    ...judgement.planted
      .filter(({ outcome }) => outcome !== 'caught')
      .map(({ name, outcome, side }) => `  planted in a ${side}: ${name}: ${outcome}`),
  ];
  return lines.length === 0 ? [] : ['# Problems', '', ...lines, ''];
}

function totals(judgement: Judgement, published: readonly ApiOperation[]): string {
  const declared = published.reduce((sum, operation) => sum + operation.responses.size, 0);
  const seen = published.reduce(
    (sum, operation) =>
      sum +
      [...operation.responses.keys()].filter((status) => judgement.coverage.of(operation).has(status)).length,
    0,
  );
  const caught = judgement.planted.filter(({ outcome }) => outcome === 'caught').length;
  const used = judgement.deviations.filter((entry) => entry.used > 0).length;
  const { exchanges, inFlows, unanswered } = judgement;
  return (
    `${exchanges} exchanges (${inFlows} different ones in the flows of test/flows, ${unanswered} unanswered), ${published.length} operations, ` +
    `${seen} of ${declared} declared statuses, ${used} of ${judgement.deviations.length} deviations used, ` +
    `${caught} of ${judgement.planted.length} planted violations caught, ` +
    `${judgement.violations.length} violations`
  );
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
