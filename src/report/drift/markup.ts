/** Text of other people in HTML or XML, between tags and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** XML knows no control characters, and those that turn a line around show another text than there is. */
function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(
      /[\p{Cc}\p{Bidi_Control}\ufffe\uffff]/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
}
