import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conditionTypes, type OtherReason } from '../../src/resources/conditions.ts';
import { type ReadyReason, readyReasons } from '../../src/resources/ready-reasons.ts';

const page = await readFile(join(import.meta.dirname, '../../docs/conditions.md'), 'utf8');
/** Cells of each row of the tables. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\|\s*|\s*\|$/g, '').trim()));

describe('the page of conditions', () => {
  it.each(Object.entries<ReadyReason>(readyReasons))('has %s with its cause and remedy', (name, reason) => {
    const found = rows.filter((cells) => cells.length === 6 && cells[0] === `\`${name}\``);
    expect(found).toHaveLength(1);
    expect(found[0]?.slice(3)).toEqual([reason.kinds.join(', '), reason.meaning, reason.remedy]);
  });

  const others = Object.entries(conditionTypes).flatMap(([type, { reasons }]) =>
    Object.entries<OtherReason>(reasons).map(([reason, entry]) => [type, reason, entry] as const),
  );
  it.each(others)('has %s %s with its cause and remedy', (type, reason, { meaning, remedy }) => {
    expect(rows).toContainEqual([`\`${type}\``, `\`${reason}\``, meaning, remedy]);
  });
});
