import type { JsonObject } from '../../foundation/json.ts';
import type { DesiredField, Owner } from '../desired.ts';
import { read } from '../path.ts';
import { valueDigest } from '../value-digest.ts';
import type { Compilation } from './compilation.ts';
import { type Person, placeName } from './compiled-grant.ts';
import type { Share } from './privilege-share.ts';

export function handleOf(profile: Person): string {
  return `administrator/${profile.key}`;
}

/** Declares what the shares of one person add up to. */
export function declareAdministrator(work: Compilation, profile: Person, shares: readonly Share[]): void {
  const [first] = shares;
  if (!first) return;
  const handle = handleOf(profile);
  const existing =
    profile.userId === undefined ? undefined : work.index.body('administrator', profile.userId);
  const active = shares.some((share) => share.active);
  const { userId } = profile;
  const missing = !existing && !active;
  if (missing) {
    const given = shares.some(({ grant }) => Object.keys(grant.memory.applied).length > 0);
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
  const places = new Map<
    string,
    { pbx: string; section: string; owners: Owner[]; privileges: Set<string> }
  >();
  for (const { grant, sections, active: gives } of shares) {
    for (const { pbx, section, privileges } of sections) {
      const field = placeName(section, pbx);
      const place = places.get(field) ?? { pbx, section, owners: [], privileges: new Set<string>() };
      if (gives) for (const privilege of privileges) place.privileges.add(privilege);
      place.owners.push({ resource: grant.ref, field });
      places.set(field, place);
    }
  }
  const fields = [...places.values()].flatMap((place): DesiredField[] => {
    const [owner, ...others] = place.owners;
    if (!owner) return [];
    const field: DesiredField = {
      path: [
        'scopes',
        { by: 'pbxName', is: place.pbx },
        'sections',
        { by: 'name', is: place.section },
        'privileges',
      ],
      value: [...place.privileges].sort(),
      comparison: 'set',
      owners: [owner, ...others],
      risk: 'safe',
      ...takeOver(owner, place, existing, shares),
    };
    return [field];
  });
  work.begin(
    {
      type: 'administrator',
      handle,
      presence: 'present',
      naturalKey: profile.userId ?? '',
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

/** Was any of it applied as it is declared now? */
function isInEffect(fields: readonly DesiredField[], shares: readonly Share[]): boolean {
  const applied = shares.filter(({ active }) => active).map(({ grant }) => grant.memory.applied);
  return fields.some(
    (field) =>
      Array.isArray(field.value) &&
      field.value.length > 0 &&
      applied.some((digests) => digests[field.owners[0].field] === valueDigest(field)),
  );
}

/** Rights that somebody gave by hand are not overwritten without a word. */
function takeOver(
  owner: Owner,
  place: { readonly pbx: string; readonly section: string },
  existing: JsonObject | undefined,
  shares: readonly Share[],
): Pick<DesiredField, 'consent'> {
  const known = shares.some((share) => share.grant.memory.applied[owner.field] !== undefined);
  const adopts = shares.some((share) => share.grant.resource.spec.adoptionPolicy === 'IfUnclaimed');
  if (!existing || known || adopts) return {};
  const found = read(existing, [
    'scopes',
    { by: 'pbxName', is: place.pbx },
    'sections',
    { by: 'name', is: place.section },
    'privileges',
  ]);
  const taken = found.present && Array.isArray(found.value) && found.value.length > 0;
  return taken ? { consent: { change: 'TakeOverPrivileges', to: `${place.section}@${place.pbx}` } } : {};
}
