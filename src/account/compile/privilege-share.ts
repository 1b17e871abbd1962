import { formatReference } from '../../resources/reference.ts';
import type { Compilation } from './compilation.ts';
import {
  type Grant,
  isExpired,
  type Person,
  type RememberedPlace,
  rememberedPlaces,
} from './compiled-grant.ts';
import { knownNames, withinCap } from './privilege-checks.ts';
import { sectionsOf } from './privilege-copies.ts';
import type { CopyCycles } from './privilege-cycles.ts';
import { keptOf } from './privilege-held.ts';
import { type Place, placeKey, type Sections } from './privilege-sections.ts';
import { whyMissing } from './resolve-reference.ts';

/** What one grant gives, or takes back, of its person's privileges. */
export interface Share {
  readonly grant: Grant;
  readonly gives: Sections;
  /** Gave until now and gives no more: it expired, was deleted, no longer names them, or went over the cap. */
  readonly takes: readonly Place[];
  /** Gave until now, and whether it still does is not clear. */
  readonly holds: readonly Place[];
  /** Keys of places of which this grant loses some or all while it stays: removals, for the guard. */
  readonly reduced: ReadonlySet<string>;
  /** By `placeKey`. */
  readonly remembered: ReadonlyMap<string, RememberedPlace>;
  /** False once it expired or was deleted. */
  readonly active: boolean;
}

/**
 * Undefined when nothing may be said of the person's privileges; then the grant was told why. A grant with a problem of
 * its own gives nothing new, and what it gave is kept apart from what is taken.
 */
export function compileShare(
  work: Compilation,
  grant: Grant,
  profile: Person | undefined,
  grants: { readonly byKey: ReadonlyMap<string, Grant>; readonly cycles: CopyCycles },
): Share | undefined {
  const { ref, deleting } = grant;
  const { expiresAt } = grant.resource.spec;
  // The API server's date-time takes more than a date: an end that nobody can tell is none.
  const endless = expiresAt !== undefined && Number.isNaN(Date.parse(expiresAt));
  if (endless) {
    work.refuse(
      ref,
      'InvalidField',
      `"${expiresAt}" is not a time such as 2030-01-31T17:00:00Z`,
      'expiresAt',
    );
  }
  const name = grant.resource.spec.userProfileRef.name;
  const state = work.input.observed.collections.administrator;
  if (state.state === 'unsupported') {
    if (!deleting)
      work.refuse(
        ref,
        'Unsupported',
        'the endpoint has no API for privileges; in Admin Console open Privileges and Administrators and grant them there',
      );
    return undefined;
  }
  if (!profile) {
    if (!deleting) {
      const { message, reason } = whyMissing(work.input, 'UserProfile', { ...ref, name });
      work.refuse(ref, reason, message, 'userProfileRef');
    }
    return undefined;
  }
  if (work.isRefused(profile.key) && !deleting && profile.userId === undefined) {
    work.refuse(ref, 'WaitingForDependency', `${formatReference(profile.ref)} has a problem of its own`);
    return undefined;
  }
  const found =
    profile.userId !== undefined && state.state === 'read' ? state.objects.get(profile.userId) : undefined;
  if (found?.source === 'row' && typeof found.body.primary !== 'boolean') {
    work.need('administrator', found.id);
    const message = `the list does not show whether ${formatReference(profile.ref)} is the primary administrator`;
    work.refuse(ref, 'NotRead', message);
    return undefined;
  }
  if (found?.body.primary === true) {
    if (!deleting)
      work.refuse(
        ref,
        'PrimaryAdministrator',
        `${formatReference(profile.ref)} is the primary administrator, whose privileges no grant changes`,
      );
    return undefined;
  }
  const remembered = rememberedPlaces(grant.memory.applied);
  // Who goes takes back what it gave, and nothing that it never was allowed to give.
  if (deleting || isExpired(grant, work.input.now)) {
    const takes = [...remembered.values()];
    return { grant, gives: [], takes, holds: [], reduced: none, remembered, active: false };
  }
  const refused = (): Share => {
    const kept = keptOf(grant, remembered.values());
    return {
      grant,
      gives: [],
      ...kept,
      reduced: new Set(kept.takes.map(placeKey)),
      remembered,
      active: true,
    };
  };
  if (endless) return refused();
  const wayRound = grants.cycles.wayRound(grant);
  if (wayRound !== undefined) {
    const field = grant.resource.spec.copyFrom?.administrator ? 'administrator' : 'privilegeGrantRef';
    const message = `people copy each other, which would keep what one of them lost for ever: ${wayRound}`;
    work.refuse(ref, 'ReferenceCycle', message, `copyFrom.${field}`);
    return refused();
  }
  const asked = sectionsOf(work, grant, { byKey: grants.byKey, userId: profile.userId }, []);
  if (!asked) return refused();
  if (asked.length > mostPlaces) {
    const field = grant.resource.spec.copyFrom ? 'copyFrom' : 'pbxes';
    const message = `is ${asked.length} sections, counted on each PBX; at most ${mostPlaces} go into one grant: name "*" for every PBX, or split it`;
    work.refuse(ref, 'InvalidField', message, field);
    return refused();
  }
  const { sections, doubtful } = knownNames(work, grant, asked);
  const gives = withinCap(work, grant, sections);
  const given = new Set(gives.map(placeKey));
  // Access must not outlive its YAML: what is no longer named is taken away as if it had expired.
  const others = [...remembered].filter(([key]) => !given.has(key));
  const takes = others.filter(([key]) => !doubtful.has(key)).map(([, place]) => place);
  const holds = others.filter(([key]) => doubtful.has(key)).map(([, place]) => place);
  const reduced = new Set([...takes.map(placeKey), ...cutPlaces(sections, gives)]);
  return { grant, gives, takes, holds, reduced, remembered, active: true };
}

/** What a grant gave is kept in its status, and while it changes what it gives now as well: both must fit in. */
const mostPlaces = 500;

const none: ReadonlySet<string> = new Set();

/** Places of which the cap leaves only a part. */
function cutPlaces(asked: Sections, gives: Sections): string[] {
  const count = (sections: Sections) => {
    const counts = new Map<string, number>();
    for (const place of sections) {
      const key = placeKey(place);
      counts.set(key, (counts.get(key) ?? 0) + place.privileges.length);
    }
    return counts;
  };
  const wanted = count(asked);
  return [...count(gives)].filter(([key, kept]) => kept !== wanted.get(key)).map(([key]) => key);
}
