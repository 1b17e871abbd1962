import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** What the demo says. Lines are redrawn on a terminal only; colours follow it and NO_COLOR. */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  #redrawn = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  get isTerminal(): boolean {
    return this.#out.isTTY === true;
  }

  heading(text: string): void {
    this.line(`\n${this.paint('bold', text)}`);
  }

  line(text = ''): void {
    this.#redrawn = 0;
    this.#out.write(`${text}\n`);
  }

  /** Writes lines in the place of those that the call before wrote, if nothing came between. */
  redraw(lines: readonly string[]): void {
    const up = this.#redrawn === 0 ? '' : `\u001b[${this.#redrawn}A`;
    const width = (this.#out.columns || 80) - 1;
    this.#out.write(up + lines.map((line) => `\u001b[2K${line.slice(0, width)}\n`).join(''));
    this.#redrawn = lines.length;
  }

  paint(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#out });
  }

  /** Columns as wide as their widest cell. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    for (const line of columns([head, ...rows])) this.line(`  ${line}`);
  }
}

/** Rows as text, the columns aligned. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}
