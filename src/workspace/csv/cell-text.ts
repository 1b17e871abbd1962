/** What stands in a cell, or what is wrong with it. */
export type CellReading<T> = { readonly value: T; readonly note?: string } | { readonly fault: string };

/** What begins a formula, in the wide letters of East Asia too, or a number that loses its zeros. */
const mistaken = /^(?:[=+\-@\t\r＝＋－＠]|0\d|'+[=+\-@\t\r＝＋－＠0-9])/;
const keptAsText = /^'+[=+\-@\t\r＝＋－＠0-9]/;

/**
 * Where another separator than the comma is usual, a spreadsheet begins a cell in the middle of ours, quotes or not. Of a
 * plus or a minus, numbers in a list of them are let be.
 */
const mistakenWithin = /([;\t]\s*)('*)(?=[=@＝＠]|[+\-＋－](?![\d\s().-]*(?:[;\t]|$)))/g;
const keptWithin = /([;\t]\s*)'('*)(?=[=@＝＠]|[+\-＋－](?![\d\s().-]*(?:[;\t]|$)))/g;

/**
 * Cells that spreadsheets take for a formula, or for a number whose zeros and plus they drop, are kept as text by an
 * apostrophe before them. A formula in a list of people is an attack on who opens it.
 */
export function guarded(text: string): string {
  const safe = text.replace(mistakenWithin, "$1'$2");
  return mistaken.test(safe) ? `'${safe}` : safe;
}

/** What was meant by a cell: without the apostrophe, or the `="…"`, that keeps it as text, and without blanks around it. */
export function unguarded(cell: string): string {
  const text = cell.replaceAll('\u00a0', ' ').trim();
  const constant = /^="([^"]*)"$/.exec(text)?.[1];
  if (constant !== undefined) return constant;
  return (keptAsText.test(text) ? text.slice(1) : text).replace(keptWithin, '$1$2');
}

const shortened = /^(\d)(?:[.,](\d+))?E\+?(\d+)$/i;

/** A number of digits that a spreadsheet may have made a number of its own: `1.4E+10`, `1001.0`. */
export function readDigits(text: string): CellReading<string> {
  const [, first = '', decimals = '', exponent] = shortened.exec(text) ?? [];
  if (exponent === undefined) return { value: text.replace(/^(\d+)[.,]0$/, '$1') };
  if (decimals.length === Number(exponent)) {
    const value = `${first}${decimals}`;
    return { value, note: `${text} was taken for ${value}` };
  }
  return {
    fault: `${text} is what Excel made of a longer number, whose other digits are lost: format the column as text and enter it again`,
  };
}

/**
 * A phone number in E.164. A plus that was lost comes back where that leaves no doubt: before 1 and ten digits of
 * North America, for 00, and with a calling code for national numbers.
 */
export function readPhoneNumber(cell: string, callingCode: string | undefined): CellReading<string> {
  const digits = readDigits(cell.replace(/^tel:/i, '').trim());
  if ('fault' in digits) return digits;
  const text = digits.value.replaceAll(/[\s().\-/]/g, '');
  const international = text.replace(/^00/, '+');
  if (/^\+[1-9]\d{6,14}$/.test(international)) return { value: international };
  if (!/^\d+$/.test(text)) return { fault: `${cell} is no phone number such as +14085550123` };
  if (/^1[2-9]\d{9}$/.test(text)) return { value: `+${text}`, note: `${cell} was taken for +${text}` };
  if (callingCode !== undefined && text.length < 14) {
    // National numbers of this length that begin with their own country's code are rare; that a plus got lost is not.
    const lostPlus = text.startsWith(callingCode) && text.length > 10;
    const value = lostPlus ? `+${text}` : `+${callingCode}${text.replace(/^0/, '')}`;
    return { value, note: `${cell} was taken for ${value}` };
  }
  return {
    fault: `${cell} has no country code: write it as +14085550123, or say --calling-code if all such numbers are of one country`,
  };
}

/** The number of an extension, with the zeros back that it must have had to be of this length. */
export function readExtensionNumber(text: string, length: number | undefined): CellReading<string> {
  const digits = readDigits(text);
  if ('fault' in digits) return digits;
  const { note, value } = digits;
  if (!/^\d{1,15}$/.test(value)) return { fault: `${text} is no extension number: up to 15 digits` };
  if (length === undefined || value.length >= length) return note === undefined ? { value } : { value, note };
  const filled = value.padStart(length, '0');
  return { value: filled, note: `${text} was taken for ${filled}` };
}

const flags: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  1: true,
  // Excel writes truth in the language of the machine.
  wahr: true,
  vrai: true,
  false: false,
  no: false,
  n: false,
  0: false,
  falsch: false,
  faux: false,
};

export function readFlag(text: string): CellReading<boolean> {
  const value = flags[text.toLowerCase()];
  return value === undefined ? { fault: `${text} is neither yes nor no` } : { value };
}

/** One of some words, in any case. */
export function readWord(text: string, words: readonly string[]): CellReading<string> {
  const value = words.find((word) => word.toLowerCase() === text.toLowerCase());
  return value === undefined ? { fault: `${text} is none of ${words.join(', ')}` } : { value };
}

/** The entries of a list in one cell. */
export function entriesOf(text: string): readonly string[] {
  return text
    .split(/[;|\n]/)
    .map((entry) => unguarded(entry))
    .filter((entry) => entry !== '');
}
