import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';

/**
 * The part of `metadata` that an operator reads. Times are RFC 3339 strings. A type, not an interface, so that it
 * is a JsonObject as well.
 */
export type ObjectMeta = {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** The name of one object; `namespace` is left out for cluster-scoped types. */
export interface ObjectRef {
  readonly namespace?: string;
  readonly name: string;
}

/** One served collection, and how an object of it is read from JSON. */
export interface ResourceType<T extends KubernetesObject = KubernetesObject> {
  /** API group; '' is the core group. */
  readonly group: string;
  readonly version: string;
  /** Lower-case plural, as in the URL. */
  readonly plural: string;
  readonly kind: string;
  /** Narrows an object as the API server sent it (already trimmed); throws when it is not of this type. */
  readonly parse: (json: JsonObject & KubernetesObject) => T;
  /** Asks for names, labels and versions alone: neither spec nor data of the objects is sent. */
  readonly metadataOnly?: boolean;
  /** Makes a status one that the type's definition holds; the API server refuses any other as a whole. */
  readonly fitStatus?: (status: Json) => Json;
}

/** A type whose objects are taken as they are, for callers that need no more than the metadata. */
export function plainType(
  group: string,
  version: string,
  plural: string,
  kind: string,
): ResourceType<JsonObject & KubernetesObject> {
  return { group, version, plural, kind, parse: (json) => json };
}

export function apiVersionOf(type: Pick<ResourceType, 'group' | 'version'>): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** URL path of a collection; of all namespaces when `namespace` is left out. */
export function collectionPath(
  type: Pick<ResourceType, 'group' | 'version' | 'plural'>,
  namespace?: string,
): string {
  const root = type.group === '' ? '/api' : '/apis';
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}/${apiVersionOf(type)}${scope}/${type.plural}`;
}

export function objectPath(type: Pick<ResourceType, 'group' | 'version' | 'plural'>, ref: ObjectRef): string {
  return `${collectionPath(type, ref.namespace)}/${encodeURIComponent(ref.name)}`;
}

export function refOf(object: KubernetesObject): ObjectRef {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? { name } : { namespace, name };
}

/** `namespace/name`, or the name alone for cluster-scoped objects. Neither part can contain a slash. */
export function keyOf(ref: ObjectRef): string {
  return ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`;
}

export function refFromKey(key: string): ObjectRef {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * Resource versions of one collection grow as decimal numbers (Kubernetes guarantees it since KEP-5504).
 * Anything else is taken for newer, so that an unknown scheme costs work and never hides a change.
 */
export function isNewer(version: string, than: string): boolean {
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return version !== than;
  return version.length === than.length ? version > than : version.length > than.length;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Reads one object of a list, a watch or an answer. Throws an error that names what is missing. */
export function readObject<T extends KubernetesObject>(type: ResourceType<T>, value: Json): T {
  const trimmed = trim(type, value);
  if (!isKubernetesObject(trimmed)) {
    throw new TypeError(`${type.kind} from the API server lacks metadata.name, uid or resourceVersion`);
  }
  return type.parse(trimmed);
}

/** Namespace and name of an object that may be otherwise unreadable. */
export function looseRef(value: Json): ObjectRef | undefined {
  if (!isJsonObject(value)) return undefined;
  const { metadata } = value;
  if (!isJsonObject(metadata) || typeof metadata.name !== 'string') return undefined;
  return typeof metadata.namespace === 'string'
    ? { namespace: metadata.namespace, name: metadata.name }
    : { name: metadata.name };
}

/**
 * Drops what an operator never reads and what may be larger than the object itself: `managedFields` and
 * kubectl's copy of the whole manifest. The objects are only ever patched, so nothing is lost by it.
 */
function trim(type: ResourceType, value: Json): Json {
  if (!isJsonObject(value)) return value;
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = value;
  // Both strings are shared between all objects of the type; list items often lack them.
  const head = { apiVersion: apiVersionOf(type), kind: type.kind };
  if (!isJsonObject(metadata)) return { ...head, ...rest };
  const { managedFields: _managedFields, annotations, ...kept } = metadata;
  if (!isJsonObject(annotations)) return { ...head, metadata: kept, ...rest };
  const { [LAST_APPLIED]: _lastApplied, ...wanted } = annotations;
  return {
    ...head,
    metadata: Object.keys(wanted).length > 0 ? { ...kept, annotations: wanted } : kept,
    ...rest,
  };
}

function isKubernetesObject(value: Json): value is JsonObject & KubernetesObject {
  if (!isJsonObject(value) || !isJsonObject(value.metadata)) return false;
  const { name, uid, resourceVersion } = value.metadata;
  return typeof name === 'string' && typeof uid === 'string' && typeof resourceVersion === 'string';
}
