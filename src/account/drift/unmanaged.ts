import { isJsonArray, isJsonObject, type JsonObject } from '../../foundation/json.ts';
import type { AccountKind } from '../../resources/kinds.ts';
import { isOver } from '../decompile/porting-order.ts';
import type { ObjectType, ObservedAccount, ObservedObject } from '../objects.ts';
import type { Plan } from '../plan.ts';
import { seenExtensions } from '../seen-extensions.ts';

/** The kind that would declare an object of a type. */
export const declaringKind = {
  user: 'UserProfile',
  extension: 'Extension',
  administrator: 'PrivilegeGrant',
  portingOrder: 'PortingOrder',
} as const satisfies Partial<Record<ObjectType, AccountKind>>;

export type ManagedType = keyof typeof declaringKind;

export const managedTypes: readonly ManagedType[] = ['user', 'extension', 'administrator', 'portingOrder'];

/** An object that the account has and no YAML declares. */
export interface ForeignObject {
  readonly type: ManagedType;
  readonly id: string;
  /** What a person knows it by: a user name, an extension number, a port's reference. */
  readonly name?: string;
}

/** By type, then by name. A type that was not read has none, and is among what is not known. */
export function unmanagedObjects(input: {
  readonly plan: Plan;
  readonly observed: ObservedAccount;
  readonly declaredElsewhere?: ReadonlySet<string>;
}): ForeignObject[] {
  const { declaredElsewhere, observed, plan } = input;
  const declared = new Set(declaredElsewhere);
  for (const { externalId, resource } of plan.outcomes.values()) {
    if (externalId !== undefined) declared.add(`${resource.kind}/${externalId}`);
  }
  return managedTypes.flatMap((type) =>
    objectsOf(type, observed)
      .filter(({ body, id }) => !declared.has(`${declaringKind[type]}/${id}`) && canBeDeclared(type, body))
      .map(({ body, id }): ForeignObject => {
        const name = nameOf(type, body);
        return { type, id, ...(name === undefined ? {} : { name }) };
      })
      .sort((a, b) => compare(`${a.name ?? ''} ${a.id}`, `${b.name ?? ''} ${b.id}`)),
  );
}

function objectsOf(type: ManagedType, observed: ObservedAccount): Pick<ObservedObject, 'id' | 'body'>[] {
  if (type === 'extension')
    return [...seenExtensions(observed)].map(([id, { extension }]) => ({ id, body: extension }));
  const collection = observed.collections[type];
  return collection.state === 'read' ? [...collection.objects.values()] : [];
}

/** What the primary administrator may do is fixed, and a port that is over can't be managed. */
function canBeDeclared(type: ManagedType, body: JsonObject): boolean {
  if (type === 'administrator') return body.primary !== true && hasPrivileges(body);
  return type !== 'portingOrder' || !isOver(body);
}

function hasPrivileges({ scopes }: JsonObject): boolean {
  if (!isJsonArray(scopes)) return true;
  return scopes.some(
    (scope) => isJsonObject(scope) && isJsonArray(scope.sections) && scope.sections.length > 0,
  );
}

function nameOf(type: ManagedType, body: JsonObject): string | undefined {
  const basic = isJsonObject(body.basicInfo) ? body.basicInfo : {};
  const name = {
    user: basic.userName,
    extension: body.extensionNumber,
    administrator: body.userName,
    portingOrder: body.reference,
  }[type];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
