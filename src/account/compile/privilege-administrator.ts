import { isJsonArray, type Json, type JsonObject } from '../../foundation/json.ts';
import { resourceKey } from '../../resources/reference.ts';
import { comparable } from '../compare.ts';
import type { DesiredField, Owner } from '../desired.ts';
import { digest } from '../digest.ts';
import type { WirePath } from '../objects.ts';
import { read } from '../path.ts';
import { valueDigest } from '../value-digest.ts';
import type { Compilation } from './compilation.ts';
import { nothingGiven, type Person } from './compiled-grant.ts';
import { capped } from './privilege-checks.ts';
import { type Place, placeField, placeKey } from './privilege-sections.ts';
import type { Share } from './privilege-share.ts';

export function handleOf(profile: Person): string {
  return `administrator/${profile.key}`;
}

/** Declares what the shares of one person add up to. */
export function declareAdministrator(work: Compilation, profile: Person, shares: readonly Share[]): void {
  const [first] = shares;
  if (!first) return;
  const handle = handleOf(profile);
  const { userId } = profile;
  const existing = userId === undefined ? undefined : work.index.body('administrator', userId);
  const missing = !existing && shares.every(({ gives }) => gives.length === 0);
  if (missing) {
    const given = shares.some(({ remembered }) => remembered.size > 0);
    const isGone = userId === undefined || work.input.observed.gone.has(`administrator/${userId}`);
    // Nothing was ever given, or it surely is gone: there is no administrator to speak of.
    if (!given || isGone) return;
    const state = work.input.observed.collections.administrator;
    if (state.state !== 'read') {
      for (const { grant } of shares)
        work.refuse(grant.ref, 'NotRead', `whether its privileges are gone is not known: ${state.reason}`);
      return;
    }
  }
  const places = unionOf(shares);
  if (existing) holdPlaces(work, shares, places, existing);
  const fields = [...places.values()].flatMap((place) => fieldOf(place, existing) ?? []);
  work.begin(
    {
      type: 'administrator',
      handle,
      presence: 'present',
      naturalKey: userId ?? '',
      after: userId === undefined ? [profile.handle] : [],
      waits: [],
      // Missing from the list is not gone: with its id it is asked for by itself, before its grant may go and
      // before rights that were in effect are taken for new ones.
      ...((existing || missing || isInEffect(fields, shares)) && userId !== undefined ? { id: userId } : {}),
    },
    first.grant.ref,
  );
  for (const field of fields) {
    const [owner] = field.owners;
    for (const { resource } of field.owners)
      work.contribute(handle, resource, resource === owner.resource ? [field] : []);
  }
}

/** What all grants of a person say of one place. */
interface Decided extends Place {
  readonly owners: Owner[];
  readonly privileges: Set<string>;
  /** A grant that gave here has ended, or is deleted. */
  isEnding: boolean;
  /** A grant that stays gives less here than it did. */
  isReduced: boolean;
  /** Nobody here ever gave something at this place, and it may do so by taking over what there is. */
  isNew: boolean;
  adopts: boolean;
}

function unionOf(shares: readonly Share[]): Map<string, Decided> {
  const places = new Map<string, Decided>();
  const join = (share: Share, place: Place) => {
    const key = placeKey(place);
    let decided = places.get(key);
    if (!decided) {
      const { pbx, section } = place;
      decided = {
        pbx,
        section,
        owners: [],
        privileges: new Set(),
        isEnding: false,
        isReduced: false,
        isNew: true,
        adopts: shares.some(({ grant }) => grant.resource.spec.adoptionPolicy === 'IfUnclaimed'),
      };
      places.set(key, decided);
    }
    const known = share.remembered.get(key);
    if (known && known.digest !== nothingGiven) decided.isNew = false;
    if (share.reduced.has(key)) decided.isReduced = true;
    const { ref } = share.grant;
    if (!decided.owners.some(({ resource }) => resource === ref))
      decided.owners.push({ resource: ref, field: known?.field ?? placeField(place) });
    return decided;
  };
  for (const share of shares) {
    for (const place of share.gives) {
      const { privileges } = join(share, place);
      for (const privilege of place.privileges) privileges.add(privilege);
    }
  }
  for (const share of shares) {
    for (const place of share.takes) {
      // Taken away once: what somebody gives there by hand afterwards is not this grant's.
      const decided = places.get(placeKey(place));
      if (!share.active) join(share, place).isEnding = true;
      else if (!isTaken(share, place, decided)) join(share, place);
      else if (decided) decided.isNew = false;
    }
  }
  return places;
}

/**
 * What a grant with a problem gave may be taken by nobody but an end: it is given along with what others give at the
 * same place. A cap holds for it all the same.
 */
function holdPlaces(
  work: Compilation,
  shares: readonly Share[],
  places: Map<string, Decided>,
  existing: JsonObject,
): void {
  const ended = new Set(
    shares.filter(({ active }) => !active).flatMap(({ takes }) => takes.map((place) => placeKey(place))),
  );
  for (const { grant, holds, remembered } of shares) {
    for (const { pbx, section } of holds) {
      const key = placeKey({ pbx, section });
      const there = listAt(existing, pathOf({ pbx, section })).map(String);
      const [allowed] = capped(work, [{ pbx, section, privileges: there }]).within;
      const stays = allowed?.privileges ?? [];
      const decided = places.get(key);
      if (decided && !ended.has(key)) {
        for (const privilege of stays) decided.privileges.add(privilege);
        decided.isNew = false;
      } else if (!decided && stays.length < there.length) {
        const field = remembered.get(key)?.field ?? placeField({ pbx, section });
        const owner = { resource: grant.ref, field };
        const privileges = new Set(stays);
        places.set(key, {
          pbx,
          section,
          owners: [owner],
          privileges,
          isReduced: true,
          isEnding: false,
          isNew: false,
          adopts: false,
        });
      }
    }
  }
}

function isTaken(share: Share, place: Place, left: Decided | undefined): boolean {
  const remaining = [...(left?.privileges ?? [])];
  return share.remembered.get(placeKey(place))?.digest === digest(comparable(remaining, 'set'));
}

function fieldOf(place: Decided, existing: JsonObject | undefined): DesiredField | undefined {
  const [owner, ...others] = place.owners;
  if (!owner) return undefined;
  const path = pathOf(place);
  const found = existing === undefined ? [] : listAt(existing, path);
  const removes = place.isReduced && found.some((name) => !place.privileges.has(String(name)));
  // Rights that somebody gave by hand are not overwritten without a word.
  const takesOver = place.isNew && !place.adopts && place.privileges.size > 0 && found.length > 0;
  return {
    path,
    value: [...place.privileges].sort(),
    comparison: 'set',
    owners: [owner, ...others],
    risk: removes ? 'losesData' : 'safe',
    ...(place.isEnding ? { ends: true } : {}),
    ...(takesOver ? { consent: { change: 'TakeOverPrivileges', to: `${place.section}@${place.pbx}` } } : {}),
  };
}

function pathOf({ pbx, section }: Place): WirePath {
  return ['scopes', { by: 'pbxName', is: pbx }, 'sections', { by: 'name', is: section }, 'privileges'];
}

function listAt(administrator: JsonObject, path: WirePath): readonly Json[] {
  const found = read(administrator, path);
  return found.present && isJsonArray(found.value) ? found.value : [];
}

/** Was any of it applied as it is declared now? */
function isInEffect(fields: readonly DesiredField[], shares: readonly Share[]): boolean {
  const applied = new Map(
    shares
      .filter(({ active }) => active)
      .map(({ grant }) => [resourceKey(grant.ref), grant.memory.applied] as const),
  );
  return fields.some(
    (field) =>
      isJsonArray(field.value) &&
      field.value.length > 0 &&
      field.owners.some(
        ({ resource, field: name }) => applied.get(resourceKey(resource))?.[name] === valueDigest(field),
      ),
  );
}
