/** Who changed something, or why nobody can say. */
export type Authorship =
  | { readonly state: 'Known'; readonly actor: string /** RFC 3339. */; readonly at: string }
  /** There are records, and none is about it. */
  | { readonly state: 'NotRecorded' }
  /** The phone system has no audit records. */
  | { readonly state: 'NoAudit' }
  /** They could not be read. */
  | { readonly state: 'Unreadable' };

/** Statuses, Events and reports say it in the same words. */
export const deletedInAccount = 'It was deleted in the account';

export function changedInAccount(values: number, author?: { readonly actor: string }): string {
  const what = values === 1 ? 'value was' : 'values were';
  return `${values} declared ${what} changed in the account${author ? `, last by ${author.actor}` : ''}`;
}

export function changedPaths(paths: readonly string[]): string {
  return `Changed in the account: ${paths.join(', ')}`;
}

/** The absence of a record proves nothing: nobody is named then. */
export function authorshipText(authorship: Authorship): string {
  switch (authorship.state) {
    case 'Known':
      return `last changed by ${authorship.actor}, ${authorship.at}`;
    case 'NotRecorded':
      return 'the audit records do not say who changed it';
    case 'NoAudit':
      return 'who changed it is not known: the phone system offers no audit records';
    case 'Unreadable':
      return 'who changed it is not known: the audit records could not be read';
  }
}

/** Counts of a comparison, in one sentence. */
export function driftSummary(counts: {
  readonly managed: number;
  readonly drifted: number;
  readonly missing: number;
  readonly unmanaged: number;
  readonly unknown: number;
  readonly notApplied?: number;
}): string {
  const { drifted, managed, missing, notApplied = 0, unknown, unmanaged } = counts;
  const parts = [
    [drifted, 'drifted'],
    [missing, 'missing'],
    [unmanaged, 'unmanaged'],
    [unknown, 'not known'],
    [notApplied, 'not applied yet'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const of = `${managed} managed ${managed === 1 ? 'resource' : 'resources'}`;
  if (drifted + missing > 0) return `${said.join(', ')}; ${of}.`;
  const rest = said.length > 0 ? ` ${said.join(', ')}.` : '';
  const judged = unknown > 0 ? 'No drift in what could be compared' : 'No drift';
  return `${judged}: ${of}.${rest}`;
}
