import { lineForTerminal } from '../terminal-text.ts';

/**
 * Text of other people in HTML or XML, between tags and in quoted attributes. XML knows no control characters, and
 * those that turn a line around show another text than there is.
 */
export function escapeMarkup(text: string): string {
  return lineForTerminal(text.toWellFormed()).replace(
    /[&<>"'`]/g,
    (character) => entities[character] ?? character,
  );
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
