import { formatReference } from '../../resources/reference.ts';
import { digest } from '../digest.ts';
import type { Compilation } from './compilation.ts';
import {
  type Grant,
  isExpired,
  type Person,
  placeName,
  rememberedSections,
  wasGiven,
} from './compiled-grant.ts';
import { checkCap, checkNames } from './privilege-checks.ts';
import { sectionsOf } from './privilege-copies.ts';
import type { Sections } from './privilege-sections.ts';

/** What one grant gives, or takes back, of its person's privileges. */
export interface Share {
  readonly grant: Grant;
  readonly sections: Sections;
  /** Expired and deleted grants name what they no longer give. */
  readonly active: boolean;
}

/** Undefined when the grant neither gives nor takes anything; then it was told why. */
export function compileShare(
  work: Compilation,
  grant: Grant,
  profile: Person | undefined,
  byKey: ReadonlyMap<string, Grant>,
): Share | undefined {
  const { ref, deleting } = grant;
  const { expiresAt } = grant.resource.spec;
  // The API server's date-time takes more than a date: an end that nobody can tell is none.
  if (expiresAt !== undefined && Number.isNaN(Date.parse(expiresAt))) {
    work.refuse(
      ref,
      'InvalidField',
      `"${expiresAt}" is not a time such as 2030-01-31T17:00:00Z`,
      'expiresAt',
    );
    if (!deleting) return undefined;
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
    if (!deleting)
      work.refuse(
        ref,
        'ReferenceNotFound',
        `there is no UserProfile ${name} in this namespace; make it first`,
        'userProfileRef',
      );
    return undefined;
  }
  if (work.isRefused(profile.key) && !deleting && profile.userId === undefined) {
    work.refuse(ref, 'WaitingForDependency', `${formatReference(profile.ref)} has a problem of its own`);
    return undefined;
  }
  const administrator =
    profile.userId === undefined ? undefined : work.index.body('administrator', profile.userId);
  if (administrator?.primary === true) {
    if (!deleting)
      work.refuse(
        ref,
        'PrimaryAdministrator',
        `${formatReference(profile.ref)} is the primary administrator, whose privileges no grant changes`,
      );
    return undefined;
  }
  const sections = sectionsOf(work, grant, { byKey, userId: profile.userId }, []);
  if (!sections) return undefined;
  const active = !deleting && !isExpired(grant, work.input.now);
  // Who goes takes back what it gave, and nothing that it never was allowed to give.
  if (deleting) return { grant, sections: sections.filter((place) => wasGiven(grant, place)), active };
  if (active && !checkNames(work, grant, sections)) return undefined;
  if (active && !checkCap(work, grant, sections)) return undefined;
  return { grant, sections: active ? [...sections, ...lost(grant, sections)] : sections, active };
}

/** A copy follows its source: what that no longer has is taken away, once. */
function lost(grant: Grant, sections: Sections): Sections {
  if (!grant.resource.spec.copyFrom) return [];
  const named = new Set(sections.map(({ section, pbx }) => placeName(section, pbx)));
  const none = digest(null);
  return rememberedSections(grant).filter(({ section, pbx }) => {
    const name = placeName(section, pbx);
    return !named.has(name) && grant.memory.applied[name] !== none;
  });
}
