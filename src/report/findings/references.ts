import type { AccountResource } from '../../resources/kinds.ts';
import { type ResourceRef, referenceTo } from '../../resources/reference.ts';

/** A field that names another resource of the namespace. */
export interface NamedResource {
  /** As compile names it. */
  readonly field: string;
  readonly target: ResourceRef;
}

export function namedResources(resource: AccountResource): readonly NamedResource[] {
  const { namespace } = referenceTo(resource);
  const to = (field: string, kind: string, name: string | undefined): readonly NamedResource[] =>
    name === undefined ? [] : [{ field, target: { kind, namespace, name } }];
  switch (resource.kind) {
    case 'UserProfile':
      return [];
    case 'Extension':
      return to('userProfileRef', 'UserProfile', resource.spec.userProfileRef?.name);
    case 'PrivilegeGrant':
      return [
        ...to('userProfileRef', 'UserProfile', resource.spec.userProfileRef.name),
        ...to(
          'copyFrom.privilegeGrantRef',
          'PrivilegeGrant',
          resource.spec.copyFrom?.privilegeGrantRef?.name,
        ),
      ];
    case 'PortingOrder':
      return resource.spec.numbers.flatMap(({ replaces }) =>
        to('numbers', 'Extension', replaces?.extensionRef?.name),
      );
  }
}
