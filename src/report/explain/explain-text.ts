import { styleText } from 'node:util';
import type { FieldExplanation } from './field-explanation.ts';

export interface ExplainTextOptions {
  readonly kind: string;
  readonly apiVersion: string;
  /** All fields below, instead of the next ones. */
  readonly recursive: boolean;
  readonly color: boolean;
  /** Characters a line. */
  readonly width: number;
}

/** What `dialops explain` prints. Ends with a line break. */
export function explainText(explained: FieldExplanation, options: ExplainTextOptions): string {
  const { apiVersion, color, kind, recursive, width } = options;
  const bold = (text: string) => (color ? styleText('bold', text, { validateStream: false }) : text);
  const lines = [`${bold('KIND')}     ${kind} (${apiVersion})`];
  if (explained.field !== '') {
    lines.push(`${bold('FIELD')}    ${explained.field}`, `${bold('TYPE')}     ${headOf(explained)}`);
  }
  lines.push('', ...wrapped(explained.description, '', width));
  const section = (title: string, texts: readonly string[]) => {
    if (texts.length > 0) lines.push('', bold(title), ...texts.flatMap((text) => bullet(text, width)));
  };
  section('LIMITS', explained.limits);
  section('RULES', explained.rules);
  // Of a kind as a whole, people want to know what they may declare.
  const spec = explained.field === '' ? explained.fields.find(({ field }) => field === 'spec') : undefined;
  const shown = spec ?? explained;
  if (spec) section('RULES', spec.rules);
  if (shown.fields.length > 0) {
    lines.push('', bold(spec ? 'FIELDS of spec' : 'FIELDS'));
    lines.push(...shown.fields.flatMap((field) => fieldLines(field, { depth: 1, recursive, width, bold })));
  }
  return `${lines.join('\n')}\n`;
}

interface FieldLines {
  readonly depth: number;
  readonly recursive: boolean;
  readonly width: number;
  readonly bold: (text: string) => string;
}

function fieldLines(explained: FieldExplanation, options: FieldLines): string[] {
  const { bold, depth, recursive, width } = options;
  const indent = '  '.repeat(depth);
  const name = explained.field.slice(explained.field.lastIndexOf('.') + 1);
  const head = `${indent}${bold(name)}  ${headOf(explained)}`;
  if (recursive) {
    return [
      head,
      ...explained.fields.flatMap((field) => fieldLines(field, { ...options, depth: depth + 1 })),
    ];
  }
  return [head, ...wrapped(explained.description, `${indent}  `, width)];
}

function headOf({ required, type }: FieldExplanation): string {
  return required ? `${type}, required` : type;
}

function bullet(text: string, width: number): string[] {
  return wrapped(text, '    ', width).map((line, index) => (index === 0 ? `  - ${line.trimStart()}` : line));
}

function wrapped(text: string, indent: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(`${indent}${line}`);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, `${indent}${line}`];
}
