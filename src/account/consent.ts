import { resourceKey } from '../resources/reference.ts';
import type { Comparisons } from './comparison.ts';
import type { ConsentLack, ConsentNeeded, Declaration } from './desired.ts';
import type { ObservedAccount } from './objects.ts';

/**
 * Consent matches exactly one pending change and is inert afterwards: once nothing is left of the change, memory
 * marks its entry as spent. The mark goes when the entry does, so that the same can be agreed to anew.
 */

type Consents = Declaration['consent'];
type Digests = Readonly<Record<string, string>>;

/** @param applied what memory has as applied, marks included
 *  @returns undefined when the change is agreed to */
export function lackOfConsent(
  given: Consents,
  needed: ConsentNeeded,
  applied: Digests,
): ConsentLack | undefined {
  const entries = given.filter(({ change }) => change === needed.change);
  if (entries.some(({ to }) => to === needed.to))
    return applied[markOf(needed)] === undefined ? undefined : 'spent';
  return entries.some(({ to }) => to === undefined) ? 'to' : 'entry';
}

/** What to write, for the status and the plan. */
export function howToAgree({ change, to }: ConsentNeeded, lack: ConsentLack): string {
  const entry = `spec.consent: [{change: ${change}, to: ${JSON.stringify(to)}}]`;
  switch (lack) {
    case 'entry':
      return `agree with ${entry}`;
    case 'to':
      return `the entry ${change} names no "to" and so agrees to nothing; agree with ${entry}`;
    case 'spent':
      return `the consent to it was for a change that is done; to agree again take it out of spec.consent, and once that is applied write it again: ${entry}`;
  }
}

/** The name of an entry's mark among what memory has as applied. */
function markOf({ change, to }: { readonly change: string; readonly to: string }): string {
  return `consent[${change} to ${to}]`;
}

export function isConsentMark(field: string): boolean {
  return field.startsWith('consent[');
}

/** Marks of the entries that are spent: those that were, and those of which nothing is left to do. */
export function spentConsents(
  { complete, consent, resource }: Declaration,
  applied: Digests,
  comparisons: readonly Comparisons[],
  observed: ObservedAccount,
): Digests {
  const marks: Record<string, string> = {};
  const judged = complete && comparisons.length > 0 && comparisons.every((each) => isJudged(each, observed));
  const key = resourceKey(resource);
  const open = new Set(
    comparisons.flatMap(({ differing }) =>
      differing.flatMap(({ field, owners }) =>
        field.consent && owners.some((owner) => resourceKey(owner.resource) === key)
          ? [markOf(field.consent)]
          : [],
      ),
    ),
  );
  for (const { change, to } of consent) {
    if (to === undefined) continue;
    const mark = markOf({ change, to });
    if (applied[mark] !== undefined || (judged && !open.has(mark))) marks[mark] = 'spent';
  }
  return marks;
}

/** Everything that is declared of the object was seen: what does not differ is not merely unknown. */
function isJudged({ known, object, unreadable }: Comparisons, observed: ObservedAccount): boolean {
  if (!known || unreadable || object.id === undefined) return false;
  const collection = observed.collections[object.type];
  return object.seen !== undefined || (collection.state === 'read' && collection.objects.has(object.id));
}
