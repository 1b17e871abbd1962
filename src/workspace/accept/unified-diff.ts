import type { FileEdit } from './accept-drift.ts';

const context = 3;

/** Lines of the old text that others take the place of. */
interface Region {
  readonly from: number;
  /** Behind the last. */
  readonly to: number;
  readonly lines: readonly string[];
}

/** An edit as `diff -u` shows it, and `git apply` takes it. Ends with a line break. */
export function unifiedDiff({ after, before, file, splices }: FileEdit): string {
  const old = before.split('\n');
  const regions = regionsOf({ after, before, splices }, old);
  const hunks: string[] = [];
  let shift = 0;
  for (let at = 0; at < regions.length; ) {
    const first = regions[at];
    if (!first) break;
    const group = [first];
    for (
      let next = regions[++at];
      next && next.from - (group.at(-1)?.to ?? 0) <= 2 * context;
      next = regions[++at]
    ) {
      group.push(next);
    }
    const { added, text } = hunk(group, old, shift);
    hunks.push(text);
    shift += added;
  }
  const name = file.replaceAll('\\', '/').replace(/^\.?\//, '');
  return `--- a/${name}\n+++ b/${name}\n${hunks.join('')}`;
}

/** The lines that the splices touch, each region without what is the same at its beginning and its end. */
function regionsOf(
  { before, splices }: Pick<FileEdit, 'after' | 'before' | 'splices'>,
  old: readonly string[],
): Region[] {
  const starts: number[] = [0];
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineOf = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const endOfLine = (line: number) => (starts[line + 1] ?? before.length + 1) - 1;
  const regions: Region[] = [];
  for (let index = 0; index < splices.length; ) {
    const from = lineOf(splices[index]?.start ?? 0);
    let to = from;
    let text = '';
    let at = starts[from] ?? 0;
    for (let next = splices[index]; next && lineOf(next.start) <= to; next = splices[++index]) {
      text += before.slice(at, next.start) + next.text;
      at = next.end;
      to = Math.max(to, lineOf(next.end));
    }
    text += before.slice(at, Math.max(at, endOfLine(to)));
    regions.push(trimmed({ from, to: to + 1, lines: text.split('\n') }, old));
  }
  return regions;
}

function trimmed(region: Region, old: readonly string[]): Region {
  let { from, to } = region;
  const lines = [...region.lines];
  while (from < to && lines.length > 0 && old[from] === lines[0]) {
    from++;
    lines.shift();
  }
  while (from < to && lines.length > 0 && old[to - 1] === lines.at(-1)) {
    to--;
    lines.pop();
  }
  return { from, to, lines };
}

function hunk(
  group: readonly Region[],
  old: readonly string[],
  shift: number,
): { readonly text: string; readonly added: number } {
  const last = old.at(-1) === '' ? old.length - 1 : old.length;
  const from = Math.max(0, (group[0]?.from ?? 0) - context);
  const to = Math.min(last, (group.at(-1)?.to ?? 0) + context);
  const lines: string[] = [];
  let at = from;
  let added = 0;
  for (const region of group) {
    lines.push(...old.slice(at, region.from).map((line) => ` ${line}`));
    lines.push(...old.slice(region.from, region.to).map((line) => `-${line}`));
    lines.push(...region.lines.map((line) => `+${line}`));
    added += region.lines.length - (region.to - region.from);
    at = region.to;
  }
  lines.push(...old.slice(at, to).map((line) => ` ${line}`));
  const size = to - from;
  const head = `@@ -${from + 1},${size} +${from + 1 + shift},${size + added} @@`;
  return { text: `${head}\n${lines.join('\n')}\n`, added };
}
