import { resourceKey } from '../../resources/reference.ts';
import type { Compilation } from './compilation.ts';
import { type Grant, isExpired, type Person } from './compiled-grant.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import { declareAdministrator, handleOf } from './privilege-administrator.ts';
import { CopyCycles } from './privilege-cycles.ts';
import { compileShare, type Share } from './privilege-share.ts';

/**
 * Compiles all grants. One person's unexpired grants together are the whole truth for each PBX and section that
 * any of their grants names; what none names is left alone.
 * @returns keys of user profiles that hold privileges, and so need a login
 */
export function compilePrivilegeGrants(
  work: Compilation,
  profiles: ReadonlyMap<string, CompiledProfile>,
): ReadonlySet<string> {
  const grants = work.all('PrivilegeGrant');
  const byKey = new Map(grants.map((grant) => [grant.key, grant]));
  const byPerson = new Map<string, { profile: Person; shares: Share[] }>();
  const people = new Map(grants.map((grant) => [grant.key, personOf(work, grant, profiles)]));
  const cycles = new CopyCycles(work, grants, byKey, ({ key }) => people.get(key));
  for (const grant of grants) {
    const profile = people.get(grant.key);
    const share = compileShare(work, grant, profile, { byKey, cycles });
    work.declare(grant, {
      externalId: profile?.userId ?? grant.memory.externalId,
      handles: share && profile ? [handleOf(profile)] : [],
    });
    if (!share || !profile) continue;
    work.granted.set(grant.key, share.gives);
    const person = byPerson.get(profile.key) ?? { profile, shares: [] };
    person.shares.push(share);
    byPerson.set(profile.key, person);
  }
  for (const { profile, shares } of byPerson.values()) declareAdministrator(work, profile, shares);
  return new Set(
    [...byPerson]
      .filter(([, { shares }]) => shares.some(({ gives }) => gives.length > 0))
      .map(([key]) => key),
  );
}

function personOf(
  work: Compilation,
  grant: Grant,
  profiles: ReadonlyMap<string, CompiledProfile>,
): Person | undefined {
  const { name } = grant.resource.spec.userProfileRef;
  const ref = { kind: 'UserProfile', namespace: grant.ref.namespace, name } as const;
  return profiles.get(resourceKey(ref)) ?? formerPerson(work, grant, profiles);
}

/** Access that ends is taken away although the profile that it was given to is gone already. */
function formerPerson(
  work: Compilation,
  grant: Grant,
  profiles: ReadonlyMap<string, CompiledProfile>,
): Person | undefined {
  const userId = grant.memory.externalId;
  if (userId === undefined || !(grant.deleting || isExpired(grant, work.input.now))) return undefined;
  const successor = [...profiles.values()].find((profile) => profile.userId === userId);
  return successor ?? { key: `former/${userId}`, ref: grant.ref, handle: `user/former/${userId}`, userId };
}
