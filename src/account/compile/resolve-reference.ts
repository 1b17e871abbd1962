import type { ReasonName } from '../../resources/conditions.ts';
import type { AccountKind } from '../../resources/kinds.ts';
import { type ResourceRef, resourceKey } from '../../resources/reference.ts';
import type { Owner } from '../desired.ts';
import type { ObjectType } from '../objects.ts';
import type { AccountIndex } from './account-index.ts';
import type { CompileInput } from './input.ts';

interface Work {
  readonly index: AccountIndex;
  readonly input: CompileInput;
  omit(resource: ResourceRef, field: string, reason: ReasonName, message: string): void;
}

/** The id that `{name}` or `{id}` of a field means; says why, and gives undefined, where it means none. */
export function resolveReference(
  work: Work,
  owner: Owner,
  type: ObjectType,
  reference: { readonly name?: string; readonly id?: string },
): string | undefined {
  const collection = work.input.observed.collections[type];
  if (collection.state !== 'read' && reference.id === undefined) {
    const reason = collection.state === 'unsupported' ? 'Unsupported' : 'NotRead';
    work.omit(owner.resource, owner.field, reason, `the ${words[type]}s are not known: ${collection.reason}`);
    return undefined;
  }
  if (reference.id !== undefined) {
    if (work.index.isRead(type) && work.index.body(type, reference.id) === undefined) {
      work.omit(
        owner.resource,
        owner.field,
        'ReferenceNotFound',
        `no ${words[type]} has the id ${reference.id}`,
      );
      return undefined;
    }
    return reference.id;
  }
  const name = reference.name ?? '';
  const found = work.index.named(type, name);
  if ('found' in found) return found.found;
  if ('ambiguous' in found) {
    const message = `several ${words[type]}s are called "${name}" (${found.ambiguous}); refer to one by id`;
    work.omit(owner.resource, owner.field, 'AmbiguousReference', message);
  } else {
    work.omit(
      owner.resource,
      owner.field,
      'ReferenceNotFound',
      `no ${words[type]} is called "${name}"${found.missing ? `; ${found.missing}` : ''}`,
    );
  }
  return undefined;
}

/** Why a resource that another names is not among those that are compiled. */
export function whyMissing(
  { unreadable }: Pick<CompileInput, 'unreadable'>,
  kind: AccountKind,
  { name, namespace }: Pick<ResourceRef, 'name' | 'namespace'>,
): { readonly reason: ReasonName; readonly message: string } {
  const reason = 'WaitingForDependency';
  if (unreadable?.faulty.has(resourceKey({ kind, namespace, name })))
    return { reason, message: `${kind} ${name} has a fault in its file` };
  if (unreadable?.complete === false)
    return { reason, message: `${kind} ${name} is in none of the files that could be read` };
  return { reason: 'ReferenceNotFound', message: `there is no ${kind} ${name} in this namespace` };
}

const words: Readonly<Record<ObjectType, string>> = {
  user: 'user',
  ringGroup: 'ring group',
  site: 'site',
  address: 'address',
  phoneNumber: 'phone number',
  extension: 'extension',
  extensionSettings: 'extension',
  profileSettings: 'user',
  administrator: 'administrator',
  portingOrder: 'porting order',
  invitation: 'invitation',
  license: 'licence',
  userGroup: 'user group',
  profilePolicy: 'profile policy',
};
