/** Control characters move the cursor, colour or hide what follows; others turn a line around, or are none at all. */
const unprintable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]/gu;

/** What is not ours to say, fit for one line of a terminal: `\u{1b}` for an escape. */
export function lineForTerminal(text: string): string {
  return text.replace(unprintable, visible);
}

/** The same for several lines. */
export function linesForTerminal(text: string): string {
  return text.replace(unprintable, (character) =>
    character === '\n' || character === '\t' ? character : visible(character),
  );
}

/**
 * A report of plain data, each text of it fit for one line of a terminal: what it holds comes from files under review
 * and from an account that others write to.
 *
 * @param severalLines names of members that have line breaks of their own, such as a diff
 */
export function reportForTerminal<Report extends object>(
  report: Report,
  severalLines: readonly string[] = [],
): Report {
  const clean = (name: string, value: unknown) => {
    if (typeof value !== 'string') return value;
    return severalLines.includes(name) ? linesForTerminal(value) : lineForTerminal(value);
  };
  return JSON.parse(JSON.stringify(report, clean));
}

function visible(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
