import type { LeftOut } from '../../account/decompile/decompiled.ts';
import type { Tally, TallyRow } from '../../account/decompile/tally.ts';

/** So many single things are named; the JSON has them all. */
const mostNamed = 20;

/** What was imported and what was not, as a person reads it in a terminal. Ends with a line break. */
export function tallyText(report: { readonly tally: Tally; readonly leftOut: readonly LeftOut[] }): string {
  const { leftOut, tally } = report;
  const head = ['', 'in the account', 'written', 'left out', ''];
  const cells = [head, ...tally.rows.map(cellsOf)];
  const widths = head.map((_title, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === row.length - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  lines.push(...tally.mismatches.map((mismatch) => `Does not add up: ${mismatch}`));
  if (leftOut.length > 0) lines.push('', 'Left in the account:');
  for (const { field, message, resource, type } of leftOut.slice(0, mostNamed)) {
    lines.push(`  ${type} ${resource}${field === undefined ? '' : ` ${field}`}: ${message}`);
  }
  if (leftOut.length > mostNamed) {
    lines.push(`  … and ${leftOut.length - mostNamed} more: -o json has them all`);
  }
  return `${lines.join('\n')}\n`;
}

function cellsOf({ inAccount, kind, leftOut, note, what, written }: TallyRow): string[] {
  const reasons = Object.entries(leftOut);
  const count = reasons.reduce((sum, [, number]) => sum + number, 0);
  const why = note ?? reasons.map(([reason, number]) => `${number}: ${reason}`).join('; ');
  return [
    kind === undefined ? what : `${what} (${kind})`,
    inAccount === undefined ? '?' : String(inAccount),
    String(written),
    String(count),
    why,
  ];
}
