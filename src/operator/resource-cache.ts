import { finalizer } from '../resources/annotations.ts';
import { type AccountKind, phoneSystemOf } from '../resources/kinds.ts';
import type { ResourceRef } from '../resources/reference.ts';
import type { StoredResource } from './kinds.ts';
import { extensions, portingOrders, privilegeGrants, userProfiles } from './kinds.ts';
import type { CacheChange, ReadableCache } from './kubernetes/cache.ts';
import type { KubernetesClient } from './kubernetes/client.ts';
import { Finalizers } from './kubernetes/finalizers.ts';
import type { ResourceType } from './kubernetes/object.ts';
import { type StatusOutcome, StatusWriter } from './kubernetes/status-writer.ts';

type Of<K extends AccountKind> = Extract<StoredResource, { readonly kind: K }>;

/** The caches of the kinds that stand for something in an account. */
export interface AccountCaches {
  readonly UserProfile: ReadableCache<Of<'UserProfile'>>;
  readonly Extension: ReadableCache<Of<'Extension'>>;
  readonly PrivilegeGrant: ReadableCache<Of<'PrivilegeGrant'>>;
  readonly PortingOrder: ReadableCache<Of<'PortingOrder'>>;
}

export type AnyStatus = NonNullable<StoredResource['status']>;

interface KindTools<T extends StoredResource> {
  readonly status: StatusWriter<AnyStatus, T>;
  readonly finalizers: Finalizers<T>;
}

/** What writes to the resources of each kind. */
export type Tools = { readonly [K in AccountKind]: KindTools<Of<K>> };

interface WritePolicy {
  /** Asked before each write; false refuses it. */
  readonly mayWrite: () => boolean;
  /** A status of this kind was stored. */
  readonly onWritten: (kind: string) => void;
}

function toolsOf<T extends StoredResource>(
  client: KubernetesClient,
  type: ResourceType<T>,
  cache: ReadableCache<T>,
  { mayWrite, onWritten }: WritePolicy,
): KindTools<T> {
  return {
    status: new StatusWriter({ client, type, cache, mayWrite, onWritten }),
    finalizers: new Finalizers({ client, type, cache, finalizer, mayWrite }),
  };
}

export function accountTools(client: KubernetesClient, caches: AccountCaches, policy: WritePolicy): Tools {
  return {
    UserProfile: toolsOf(client, userProfiles, caches.UserProfile, policy),
    Extension: toolsOf(client, extensions, caches.Extension, policy),
    PrivilegeGrant: toolsOf(client, privilegeGrants, caches.PrivilegeGrant, policy),
    PortingOrder: toolsOf(client, portingOrders, caches.PortingOrder, policy),
  };
}

/** All resources of one PhoneSystem, whatever their kind: reading, hearing of changes, and writing back. */
export class ResourceCache {
  readonly #caches: AccountCaches;
  readonly #tools: Tools;
  readonly #namespace: string;
  readonly #phoneSystem: string;
  #list: readonly StoredResource[] | undefined;

  constructor(caches: AccountCaches, tools: Tools, namespace: string, phoneSystem: string) {
    this.#caches = caches;
    this.#tools = tools;
    this.#namespace = namespace;
    this.#phoneSystem = phoneSystem;
  }

  list(): readonly StoredResource[] {
    this.#list ??= [
      ...this.#caches.UserProfile.list(this.#namespace),
      ...this.#caches.Extension.list(this.#namespace),
      ...this.#caches.PrivilegeGrant.list(this.#namespace),
      ...this.#caches.PortingOrder.list(this.#namespace),
    ].filter((resource) => phoneSystemOf(resource) === this.#phoneSystem);
    return this.#list;
  }

  find(ref: Pick<ResourceRef, 'kind' | 'name'>): StoredResource | undefined {
    const name = { namespace: this.#namespace, name: ref.name };
    switch (ref.kind) {
      case 'UserProfile':
        return this.#caches.UserProfile.get(name);
      case 'Extension':
        return this.#caches.Extension.get(name);
      case 'PrivilegeGrant':
        return this.#caches.PrivilegeGrant.get(name);
      case 'PortingOrder':
        return this.#caches.PortingOrder.get(name);
      default:
        return undefined;
    }
  }

  /** Calls `listener` for each change of a resource of this PhoneSystem. */
  subscribe(listener: (change: CacheChange<StoredResource>) => void): () => void {
    const heard = (change: CacheChange<StoredResource>) => {
      const { object } = change;
      if (object.metadata.namespace !== this.#namespace || phoneSystemOf(object) !== this.#phoneSystem)
        return;
      this.#list = undefined;
      listener(change);
    };
    const ends = [
      this.#caches.UserProfile.subscribe(heard),
      this.#caches.Extension.subscribe(heard),
      this.#caches.PrivilegeGrant.subscribe(heard),
      this.#caches.PortingOrder.subscribe(heard),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  /** Makes a status stand at the API server; nothing is sent when it does already. */
  async writeStatus(
    resource: StoredResource,
    decide: (current: StoredResource) => AnyStatus | undefined,
    how: { readonly checked?: boolean } = {},
  ): Promise<StatusOutcome> {
    const ref = { namespace: this.#namespace, name: resource.metadata.name };
    const outcome = await this.#tools[resource.kind].status.write(ref, resource.metadata.uid, decide, how);
    // Our own writes are taken over silently.
    this.#list = undefined;
    return outcome;
  }

  /** @returns false when the resource is gone or being deleted: no finalizer is taken then */
  async addFinalizer(resource: StoredResource): Promise<boolean> {
    try {
      return await this.#addFinalizer(resource);
    } finally {
      this.#list = undefined;
    }
  }

  async #addFinalizer(resource: StoredResource): Promise<boolean> {
    switch (resource.kind) {
      case 'UserProfile':
        return (await this.#tools.UserProfile.finalizers.add(resource)) !== undefined;
      case 'Extension':
        return (await this.#tools.Extension.finalizers.add(resource)) !== undefined;
      case 'PrivilegeGrant':
        return (await this.#tools.PrivilegeGrant.finalizers.add(resource)) !== undefined;
      case 'PortingOrder':
        return (await this.#tools.PortingOrder.finalizers.add(resource)) !== undefined;
    }
  }

  async removeFinalizer(resource: StoredResource): Promise<void> {
    switch (resource.kind) {
      case 'UserProfile':
        return this.#tools.UserProfile.finalizers.remove(resource);
      case 'Extension':
        return this.#tools.Extension.finalizers.remove(resource);
      case 'PrivilegeGrant':
        return this.#tools.PrivilegeGrant.finalizers.remove(resource);
      case 'PortingOrder':
        return this.#tools.PortingOrder.finalizers.remove(resource);
    }
  }
}

export function hasFinalizer(resource: StoredResource): boolean {
  return resource.metadata.finalizers?.includes(finalizer) === true;
}
