import { lineForTerminal } from './terminal-text.ts';

/** So that a comment stays below what GitHub (65,536 characters) and GitLab take. */
const mostCharacters = 60_000;

/** The first lines, as many as a comment may have; `more` says where the others are. */
export function cutToComment(lines: readonly string[], more: string): readonly string[] {
  let length = 0;
  const end = lines.findIndex((line) => {
    length += line.length + 1;
    return length > mostCharacters;
  });
  return end < 0 ? lines : [...lines.slice(0, end), '', more];
}

/** Text of other people in Markdown: no links, no mentions, no tables of its own. */
export function escaped(text: string): string {
  return lineForTerminal(text.replace(/\s+/g, ' '))
    .replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
    .replaceAll('@', '@\u200b');
}

export function code(text: string): string {
  return `\`${lineForTerminal(text.replace(/[`|\s]+/g, ' '))}\``;
}
