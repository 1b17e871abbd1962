import type { Finding } from '../../resources/finding.ts';

/** What a validation came to. */
export interface Validation {
  /** By file, line and column. */
  readonly findings: readonly Finding[];
  /** How many resources were looked at, faulty ones among them. */
  readonly resources: number;
  readonly files: number;
  /** False when something could not be read, so that the set was not looked at as a whole. */
  readonly complete: boolean;
  /** How many objects of other kinds were passed over, by kind; '' are documents that are no resources. */
  readonly passedOver: ReadonlyMap<string, number>;
}

export function countOf({ findings }: Validation, severity: Finding['severity']): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/** The order in which findings are shown: files in the order of their names, then from top to bottom. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => {
    if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
    return (
      a.place.line - b.place.line ||
      a.place.column - b.place.column ||
      (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
    );
  });
}

export function plural(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
