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
  return `${ref.kind}/${ref.namespace}/${ref.name}`;
}

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

export function referenceTo(resource: Referable): ResourceRef {
  const { name, namespace, uid } = resource.metadata;
  const ref = { kind: resource.kind, namespace: namespace ?? 'default', name };
  return uid === undefined ? ref : { ...ref, uid };
}
