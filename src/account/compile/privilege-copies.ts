import { resourceKey } from '../../resources/reference.ts';
import type { Compilation } from './compilation.ts';
import { type Grant, isExpired } from './compiled-grant.ts';
import { overPbxes, type Sections, scopesOf } from './privilege-sections.ts';
import { whyMissing } from './resolve-reference.ts';

/** Where a copy may come from, and for whom it is. */
export interface CopyTo {
  readonly byKey: ReadonlyMap<string, Grant>;
  readonly userId: string | undefined;
}

/** What a grant declares, wherever that comes from; undefined when that is not known or a mistake. */
export function sectionsOf(
  work: Compilation,
  grant: Grant,
  to: CopyTo,
  trail: readonly string[],
): Sections | undefined {
  const { spec } = grant.resource;
  const pbxes = spec.pbxes ?? ['*'];
  if (spec.sections) {
    return pbxes.flatMap((pbx) =>
      (spec.sections ?? []).map(({ name, privileges }) => ({ pbx, section: name, privileges })),
    );
  }
  const { privilegeGrantRef, administrator } = spec.copyFrom ?? {};
  if (privilegeGrantRef) return copyGrant(work, grant, privilegeGrantRef.name, to, trail);
  if (administrator) return copyAdministrator(work, grant, administrator.userName, to.userId);
  return [];
}

function copyGrant(
  work: Compilation,
  grant: Grant,
  name: string,
  to: CopyTo,
  trail: readonly string[],
): Sections | undefined {
  const field = 'copyFrom.privilegeGrantRef';
  const source = to.byKey.get(resourceKey({ ...grant.ref, name }));
  if (!source || source.deleting) {
    const { message, reason } = whyMissing(work.input, 'PrivilegeGrant', { ...grant.ref, name });
    work.refuse(grant.ref, reason, message, field);
    return undefined;
  }
  if (source.key === grant.key || trail.includes(source.key)) {
    work.refuse(
      grant.ref,
      'ReferenceCycle',
      `the grants copy from each other: ${[...trail, grant.key, source.key].join(' → ')}`,
      field,
    );
    return undefined;
  }
  if (isExpired(source, work.input.now)) {
    work.refuse(grant.ref, 'SourceExpired', `PrivilegeGrant ${name} has expired`, field);
    return undefined;
  }
  const sections = sectionsOf(work, source, to, [...trail, grant.key]);
  if (sections) return grant.resource.spec.pbxes ? overPbxes(sections, grant.resource.spec.pbxes) : sections;
  // The source's problem was recorded for the source; the copy needs its own.
  const problem = work.problemsOf(source.key).at(-1);
  work.refuse(
    grant.ref,
    problem?.reason ?? 'ReferenceNotFound',
    `PrivilegeGrant ${name} can't be copied: ${problem?.message ?? ''}`,
    field,
  );
  return undefined;
}

function copyAdministrator(
  work: Compilation,
  grant: Grant,
  userName: string,
  userId: string | undefined,
): Sections | undefined {
  const field = 'copyFrom.administrator';
  const state = work.input.observed.collections.administrator;
  if (state.state !== 'read') {
    work.refuse(grant.ref, 'NotRead', `the administrators are not known: ${state.reason}`, field);
    return undefined;
  }
  const id = work.index.userIdsByName.get(userName.toLowerCase());
  if (id !== undefined && id === userId) {
    // What a person has would keep itself alive: after the end of the grant that gave it, too.
    work.refuse(grant.ref, 'ReferenceCycle', `"${userName}" is the one who gets the copy`, field);
    return undefined;
  }
  const body = id === undefined ? undefined : work.index.body('administrator', id);
  if (!body) {
    // Without a hint: the names of people are not for everybody who may write a grant.
    work.refuse(grant.ref, 'ReferenceNotFound', `the account has no administrator "${userName}"`, field);
    return undefined;
  }
  const sections = scopesOf(body);
  if (!sections) {
    if (id !== undefined) work.need('administrator', id);
    work.refuse(grant.ref, 'NotRead', `the privileges of "${userName}" are not shown by the list`, field);
    return undefined;
  }
  return grant.resource.spec.pbxes ? overPbxes(sections, grant.resource.spec.pbxes) : sections;
}
