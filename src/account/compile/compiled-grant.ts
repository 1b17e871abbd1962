import type { Compiled } from './compilation.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import type { Sections } from './privilege-sections.ts';

export type Grant = Compiled<'PrivilegeGrant'>;

/** True from the moment that `spec.expiresAt` names. */
export function isExpired(grant: Grant, now: number): boolean {
  const { expiresAt } = grant.resource.spec;
  return expiresAt !== undefined && Date.parse(expiresAt) <= now;
}

/** Who holds privileges. */
export type Person = Pick<CompiledProfile, 'key' | 'ref' | 'handle' | 'userId'>;

export function wasGiven({ memory }: Grant, { section, pbx }: Sections[number]): boolean {
  return memory.applied[placeName(section, pbx)] !== undefined;
}

export function placeName(section: string, pbx: string): string {
  return `sections[${section}@${pbx}]`;
}

/** A copy whose source may be gone is revoked by what it once gave. */
export function rememberedSections(grant: Grant): Sections {
  return Object.keys(grant.memory.applied).flatMap((field) => {
    const match = /^sections\[(.+)@(.+)\]$/.exec(field);
    return match?.[1] && match[2] ? [{ section: match[1], pbx: match[2], privileges: [] }] : [];
  });
}
