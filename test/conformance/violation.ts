export const violationSides = ['request', 'response'] as const;
export type ViolationSide = (typeof violationSides)[number];

export const violationParts = ['path', 'query', 'header', 'mediaType', 'status', 'body'] as const;
export type ViolationPart = (typeof violationParts)[number];

/** One place where an exchange does not agree with the document. */
export interface Violation {
  /** The operationId, or `METHOD /path` when no document has that operation. */
  readonly operation: string;
  /** Status of the answer; 0 when there was none. */
  readonly status: number;
  readonly side: ViolationSide;
  readonly part: ViolationPart;
  /** JSON pointer into a body; name of the query parameter, header or path parameter; else empty. */
  readonly pointer: string;
  /** The rule that was broken: a JSON Schema keyword, or `undeclared`, `missing`, `syntax`. */
  readonly rule: string;
  /** The offending value when it is a scalar, else its kind (`object`, `array`, `absent`). */
  readonly found: string;
  readonly message: string;
}

export function formatViolation(violation: Violation): string {
  const where = [violation.part, violation.pointer].filter((part) => part !== '').join(' ');
  return (
    `${violation.operation} ${violation.status}: ${violation.side} ${where}: ${violation.message}` +
    ` (rule ${violation.rule}, found ${violation.found})`
  );
}
