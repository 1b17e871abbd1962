/** The resource that something is about: in problems, plans, conditions and events. */
export interface ResourceRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Tells a resource from one that was deleted and made anew under its name. Absent outside a cluster. */
  readonly uid?: string;
}

/** One text for each resource, for use as a key of maps: `UserProfile/acme/jane`. The uid plays no part. */
export function resourceKey(ref: ResourceRef): string {
  return keys.get(ref) ?? keyOf(ref);
}

function keyOf(ref: ResourceRef): string {
  return `${ref.kind}/${ref.namespace}/${ref.name}`;
}

/** Made once for each resource, not some twenty times a round: making a text and hashing it for a map takes long. */
const references = new WeakMap<Referable, ResourceRef>();
const keys = new WeakMap<ResourceRef, string>();

/** As a person reads it, where the namespace is understood: `UserProfile jane`. */
export function formatReference(ref: ResourceRef): string {
  return `${ref.kind} ${ref.name}`;
}

/** Order of kind, namespace, name by code unit: the same on every machine. */
export function compareReferences(a: ResourceRef, b: ResourceRef): number {
  const [left, right] = [resourceKey(a), resourceKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

interface Referable {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid?: string };
}

/** @param resource is not changed afterwards: its reference is made once */
export function referenceTo(resource: Referable): ResourceRef {
  const known = references.get(resource);
  if (known) return known;
  const { name, namespace, uid } = resource.metadata;
  const plain = { kind: resource.kind, namespace: namespace ?? 'default', name };
  const ref = uid === undefined ? plain : { ...plain, uid };
  references.set(resource, ref);
  keys.set(ref, keyOf(ref));
  return ref;
}
