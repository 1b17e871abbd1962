/** Control characters move the cursor, colour or hide what follows; others turn a line around, or are none at all. */
const unprintable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]/gu;

/** What a runner of jobs obeys anywhere in a line of a log: `##[error]` of GitHub, `##vso[…]` of Azure, `##teamcity[…]`. */
const command = /##(?=[a-z]*\[)/giu;
/** What GitHub obeys at the beginning of a line: `::error::`. */
const commandLine = /^(\s*):(?=:)/u;

/** What is not ours to say, fit for one line of a terminal or of the log of a job: `\u{1b}` for an escape. */
export function lineForTerminal(text: string): string {
  return text
    .replace(unprintable, visible)
    .replace(command, `#${visible('#')}`)
    .replace(commandLine, `$1${visible(':')}`);
}

/** The same for several lines; tabs stay. */
export function linesForTerminal(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(lineForTerminal).join('\t'))
    .join('\n');
}

/** JSON that may be printed to a terminal or to the log of a job: what is not fit for a line is escaped. */
export function jsonForTerminal(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  const inJson = (character: string) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${json.replace(unprintable, inJson).replace(command, '#\\u0023')}\n`;
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
