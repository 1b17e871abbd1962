import { digest as digestOf } from '../digest.ts';
import type { Compiled } from './compilation.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import { type Place, placeKey } from './privilege-sections.ts';

export type Grant = Compiled<'PrivilegeGrant'>;

/** Who holds privileges. */
export type Person = Pick<CompiledProfile, 'key' | 'ref' | 'handle' | 'userId'>;

/** True from the moment that `spec.expiresAt` names. */
export function isExpired(grant: Grant, now: number): boolean {
  const { expiresAt } = grant.resource.spec;
  return expiresAt !== undefined && Date.parse(expiresAt) <= now;
}

/** What memory keeps of a place that was taken away. */
export const nothingGiven = digestOf(null);

/** A place that a grant decided last time. */
export interface RememberedPlace extends Place {
  /** As memory spells it. */
  readonly field: string;
  /** Of the privileges that the person then had there; `nothingGiven` once they were taken away. */
  readonly digest: string;
}

/** What the grant gave until now, by `placeKey`. */
export function rememberedPlaces(
  applied: Readonly<Record<string, string>>,
): ReadonlyMap<string, RememberedPlace> {
  const places = new Map<string, RememberedPlace>();
  for (const [field, digest] of Object.entries(applied)) {
    const match = /^sections\[(.+)@(.+)\]$/.exec(field);
    if (!match?.[1] || !match[2]) continue;
    const place = { section: match[1], pbx: match[2], field, digest };
    places.set(placeKey(place), place);
  }
  return places;
}
