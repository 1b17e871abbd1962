import { AccountView } from '../../account/account-view.ts';
import { type Memory, noMemory } from '../../account/memory.ts';
import type { Collection, ObjectType, ObservedAccount, ObservedObject } from '../../account/objects.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { externalIdAnnotation } from '../../resources/annotations.ts';
import type { PortingOrder } from '../../resources/generated/porting-order.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { referenceTo, resourceKey } from '../../resources/reference.ts';

/**
 * An account as the resources of a set assume it: it has every site, policy, group and licence that they name, no
 * user, extension or administrator yet, and each port is a draft. On it compile finds what is wrong with the set
 * itself; what only the real account can tell is left open.
 */
export function assumedAccount(resources: readonly AccountResource[]): ObservedAccount {
  const sites = new Named('site');
  const groups = new Named('userGroup');
  const policies = new Named('profilePolicy');
  const orders = new Map<string, ObservedObject>();
  for (const resource of resources) {
    if (resource.kind === 'UserProfile') {
      const { profilePolicy, site, userGroup } = resource.spec;
      sites.add(site);
      groups.add(userGroup);
      policies.add({ name: profilePolicy });
    } else if (resource.kind === 'Extension') sites.add(resource.spec.site);
    else if (resource.kind === 'PortingOrder') {
      const reference = referenceOf(resource);
      const id = `assumed/${reference}`;
      orders.set(id, assumed('portingOrder', id, { id, reference, status: 'DRAFT' }));
    }
  }
  const nothing = read(new Map());
  return {
    collections: {
      ...new AccountView().collections,
      user: nothing,
      extension: nothing,
      extensionSettings: nothing,
      profileSettings: nothing,
      administrator: nothing,
      site: sites.collection,
      userGroup: groups.collection,
      profilePolicy: policies.collection,
      portingOrder: read(orders),
    },
    gone: new Map(),
  };
}

/** What is remembered on an assumed account: that each port was made by its resource, unless that says which it is. */
export function assumedMemory(resources: readonly AccountResource[]): Memory {
  return new Map(
    resources.flatMap((resource) =>
      resource.kind === 'PortingOrder' && resource.metadata.annotations?.[externalIdAnnotation] === undefined
        ? [
            [
              resourceKey(referenceTo(resource)),
              { ...noMemory, externalId: `assumed/${referenceOf(resource)}` },
            ],
          ]
        : [],
    ),
  );
}

function referenceOf({ metadata: { name, namespace = 'default' }, spec }: PortingOrder): string {
  return spec.reference ?? `${namespace}/${name}`;
}

function read(objects: ReadonlyMap<string, ObservedObject>): Collection {
  return { state: 'read', objects, readAt: 0 };
}

function assumed(type: ObjectType, id: string, body: JsonObject): ObservedObject {
  return { type, id, body, source: 'single', readAt: 0 };
}

/** Objects that are there because they are named; a name is the same in capitals and small letters. */
class Named {
  readonly #type: ObjectType;
  readonly #objects = new Map<string, ObservedObject>();

  constructor(type: ObjectType) {
    this.#type = type;
  }

  add(reference: { readonly name?: string | undefined; readonly id?: string | undefined } | undefined): void {
    const { id, name } = reference ?? {};
    if (id !== undefined) this.#put(id, { id });
    else if (name !== undefined && name !== '') {
      const key = `assumed/${name.toLowerCase()}`;
      this.#put(key, { id: key, name });
    }
  }

  #put(id: string, body: JsonObject): void {
    if (!this.#objects.has(id)) this.#objects.set(id, assumed(this.#type, id, body));
  }

  get collection(): Collection {
    return read(this.#objects);
  }
}
