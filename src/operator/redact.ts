const EMAIL = /[^\s@"'<>(),;:=]+@[^\s@"'<>(),;:=]+\.[a-z]{2,}/giu;
// `+` and 7 to 15 digits, however grouped.
const INTERNATIONAL = /\+(?:[\s().-]*\d){7,15}/g;
// Ten digits as North Americans group them, or 10 to 15 in a row; not parts of UUIDs, versions or dates.
const NATIONAL =
  /(?<![\w.-])(?:1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[\s.-]?)\d{3}[\s.-]?\d{4}(?![\w-]|\.\d)|(?<![\w.-])\d{10,15}(?![\w-]|\.\d)/g;

/**
 * Takes emails and phone numbers out of text written by others (error messages, answers of the phone system),
 * before it reaches a log or an Event. The second line of defence: the first is not to put them there.
 */
export function redact(text: string): string {
  return shortened(text)
    .replaceAll(EMAIL, '[email]')
    .replaceAll(INTERNATIONAL, '[number]')
    .replaceAll(NATIONAL, '[number]');
}

/** More than a person reads. What others wrote may be of any length, and the patterns take the square of it. */
const maxLength = 4_096;

function shortened(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}
