/** The longest filter that the phone system takes, in characters before URL encoding (8x8 guide: filtering). */
export const maxFilterLength = 2000;

/**
 * A value as it stands in a filter. Quoted unless it is plainly safe; a quote inside is escaped with a
 * backslash, as RSQL has it (the guide documents no escape). A `*` cannot be escaped: it stays a wildcard.
 */
export function quote(value: string): string {
  if (/^[A-Za-z0-9_.@:+-]+$/.test(value)) return value;
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export function eq(field: string, value: string): string {
  return `${field}==${quote(value)}`;
}

/** Any of the expressions. */
export function or(...expressions: readonly [string, ...string[]]): string {
  return expressions.join(',');
}

/** All of the expressions; each is put into parentheses where it needs them. */
export function and(...expressions: readonly [string, ...string[]]): string {
  return expressions
    .map((expression) => (expression.includes(',') ? `(${expression})` : expression))
    .join(';');
}

/** A query value as it stands in a URL; `+` and space are encoded, too. */
export function encodeQuery(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** As few filters as it takes to ask for all of the values, each within the length limit. */
export function batchFilter(field: string, values: readonly string[]): string[] {
  const filters: string[] = [];
  let current = '';
  for (const value of values) {
    const term = eq(field, value);
    if (term.length > maxFilterLength) {
      throw new RangeError(`A value to filter ${field} by is longer than ${maxFilterLength} characters`);
    }
    if (current !== '' && current.length + 1 + term.length > maxFilterLength) {
      filters.push(current);
      current = '';
    }
    current = current === '' ? term : or(current, term);
  }
  if (current !== '') filters.push(current);
  return filters;
}
