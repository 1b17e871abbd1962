import type { Grant, RememberedPlace } from './compiled-grant.ts';
import { nothingGiven } from './compiled-grant.ts';
import type { Place } from './privilege-sections.ts';

/** What becomes of the places of a grant that can't be made out: a source that is not read, or a mistake. */
export interface Kept {
  /** Its YAML surely no longer names them: they are taken away, whatever else is wrong with it. */
  readonly takes: readonly Place[];
  /** It may name them still: what is there stays, as far as the cap allows. */
  readonly holds: readonly Place[];
}

/**
 * Access must not outlive its YAML, and a mistake or something unread is no reason to take it away: only what the YAML
 * itself rules out is taken.
 */
export function keptOf({ resource: { spec } }: Grant, remembered: Iterable<RememberedPlace>): Kept {
  const pbxes = spec.pbxes?.map((pbx) => pbx.toLowerCase());
  const sections = spec.sections?.map(({ name }) => name.toLowerCase());
  const takes: Place[] = [];
  const holds: Place[] = [];
  for (const place of remembered) {
    if (place.digest === nothingGiven) continue;
    const isNamed =
      (pbxes === undefined || pbxes.includes(place.pbx.toLowerCase())) &&
      (sections === undefined || sections.includes(place.section.toLowerCase()));
    (isNamed ? holds : takes).push(place);
  }
  return { takes, holds };
}
