import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonEqual,
} from '../../../foundation/json.ts';
import { applyJsonPatch, applyMergePatch, withMember } from './patches.ts';

/** What a URL path names. */
export interface Target {
  /** Group and version, and the plural: `/apis/example.com/v1/widgets`. */
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface StoredEvent {
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly version: number;
  readonly wire: { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: JsonObject };
}

const PATH =
  /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/(status))?$/;

/** The objects and the history of the fake API server. */
export class FakeStore {
  onEvent: (event: StoredEvent) => void = () => undefined;
  readonly #objects = new Map<string, JsonObject>();
  #history: StoredEvent[] = [];
  #version = 100;
  #oldest = 0;
  #uid = 0;

  static target(path: string): Target {
    const match = PATH.exec(path);
    if (!match) throw new Error(`no such path: ${path}`);
    const [, root, namespace, plural, name, subresource] = match;
    return { collection: `${root}/${plural}`, namespace, name, subresource };
  }

  get version(): string {
    return String(this.#version);
  }

  /** Objects at a path such as `/apis/example.com/v1/namespaces/default/widgets/one`. */
  get(path: string): JsonObject | undefined {
    return this.#objects.get(path);
  }

  /** Creates or changes an object as another client would; returns it with its metadata. */
  put(path: string, object: JsonObject): JsonObject {
    const target = FakeStore.target(path);
    const known = this.#objects.get(path);
    const old = known && isJsonObject(known.metadata) ? known.metadata : undefined;
    const given = isJsonObject(object.metadata) ? object.metadata : {};
    this.#version += 1;
    const specChanged = !jsonEqual(known?.spec, object.spec);
    const generation = typeof old?.generation === 'number' ? old.generation + (specChanged ? 1 : 0) : 1;
    const metadata = {
      creationTimestamp: '2026-01-05T09:00:00Z',
      ...given,
      name: target.name ?? '',
      ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
      uid: old?.uid ?? `uid-${++this.#uid}`,
      generation,
      resourceVersion: this.version,
      managedFields: [{ manager: 'fake', operation: 'Update' }],
    };
    const stored: JsonObject = { ...object, metadata };
    this.#objects.set(path, stored);
    this.#record(target, known === undefined ? 'ADDED' : 'MODIFIED', stored);
    return stored;
  }

  remove(path: string): void {
    const object = this.#objects.get(path);
    if (object === undefined) throw new Error(`nothing at ${path}`);
    this.#objects.delete(path);
    this.#version += 1;
    const metadata = isJsonObject(object.metadata) ? object.metadata : {};
    const last = { ...object, metadata: { ...metadata, resourceVersion: this.version } };
    this.#record(FakeStore.target(path), 'DELETED', last);
  }

  /** Forgets all history: watches and pages from before are 410. */
  compact(): void {
    this.#history = [];
    this.#version += 1;
    this.#oldest = this.#version;
  }

  /** Changes without history: what happened while nobody could have been watching. */
  since(target: Target, version: string): readonly StoredEvent[] | 'gone' {
    if (Number(version) < this.#oldest) return 'gone';
    return this.#history.filter((event) => event.version > Number(version) && this.matches(target, event));
  }

  matches(target: Target, event: StoredEvent): boolean {
    return (
      event.collection === target.collection &&
      (target.namespace === undefined || target.namespace === event.namespace)
    );
  }

  answer(verb: string, target: Target, query: URLSearchParams, contentType: string, body: Json): Answer {
    if (verb === 'list') return this.#list(target, query);
    const name = target.name ?? nameIn(body);
    const path = pathOf({ ...target, name });
    const known = this.#objects.get(path);
    if (verb === 'create') {
      if (known !== undefined) return failure(409, 'AlreadyExists', `${name} already exists`);
      return { status: 201, body: isJsonObject(body) ? this.put(path, body) : null };
    }
    if (known === undefined) return failure(404, 'NotFound', `${name} not found`);
    if (verb === 'get') return { status: 200, body: known };
    if (verb === 'delete') {
      this.remove(path);
      return { status: 200, body: { kind: 'Status', status: 'Success' } };
    }
    return this.#write(path, target, known, contentType, body);
  }

  #write(path: string, target: Target, known: JsonObject, contentType: string, body: Json): Answer {
    let wanted: Json;
    try {
      if (contentType.startsWith('application/json-patch')) {
        wanted = applyJsonPatch(known, isJsonArray(body) ? body : []);
      } else if (contentType.startsWith('application/merge-patch')) {
        wanted = applyMergePatch(known, body);
      } else {
        wanted = body;
      }
    } catch (error) {
      return failure(422, 'Invalid', String(error));
    }
    if (!isJsonObject(wanted)) return failure(400, 'BadRequest', 'not an object');
    const { uid, resourceVersion } = isJsonObject(wanted.metadata) ? wanted.metadata : {};
    const current = isJsonObject(known.metadata) ? known.metadata : {};
    if (uid !== undefined && uid !== current.uid) return failure(422, 'Invalid', 'metadata.uid: immutable');
    if (resourceVersion !== undefined && resourceVersion !== current.resourceVersion) {
      return failure(409, 'Conflict', 'the object has been modified');
    }
    const next =
      target.subresource === 'status'
        ? withMember(known, 'status', wanted.status)
        : withMember(wanted, 'status', known.status ?? wanted.status);
    // As the real one: a write that changes nothing makes no new version and no event.
    if (jsonEqual(next, known)) return { status: 200, body: known };
    return { status: 200, body: this.put(path, next) };
  }

  #list(target: Target, query: URLSearchParams): Answer {
    const token = query.get('continue');
    const [version, after] = token === null ? [this.version, ''] : token.split('|');
    if (Number(version) < this.#oldest)
      return failure(410, 'Expired', 'the provided continue parameter is too old');
    const prefix = target.namespace === undefined ? undefined : `${pathOf({ ...target, name: undefined })}/`;
    const all = [...this.#objects.entries()]
      .filter(([path]) => FakeStore.target(path).collection === target.collection)
      .filter(([path]) => prefix === undefined || path.startsWith(prefix))
      .filter(([path]) => path > (after ?? ''))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const limit = Number(query.get('limit') ?? 0);
    const page = limit > 0 ? all.slice(0, limit) : all;
    const last = page.at(-1)?.[0] ?? '';
    const more = page.length < all.length ? { continue: `${version}|${last}` } : {};
    const metadata: JsonObject = { resourceVersion: version ?? '', ...more };
    return { status: 200, body: { kind: 'List', metadata, items: page.map(([, object]) => object) } };
  }

  #record(target: Target, type: StoredEvent['wire']['type'], object: JsonObject): void {
    const { collection, namespace } = target;
    const event = { collection, namespace, version: this.#version, wire: { type, object } };
    this.#history.push(event);
    this.onEvent(event);
  }
}

export function statusObject(code: number, reason: string, message: string): JsonObject {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
}

function failure(code: number, reason: string, message: string): Answer {
  return { status: code, body: statusObject(code, reason, message) };
}

function nameIn(body: Json): string {
  if (!isJsonObject(body) || !isJsonObject(body.metadata)) return '';
  return typeof body.metadata.name === 'string' ? body.metadata.name : '';
}

function pathOf(target: Target): string {
  const slash = target.collection.lastIndexOf('/');
  const root = target.collection.slice(0, slash);
  const plural = target.collection.slice(slash);
  const scope = target.namespace === undefined ? '' : `/namespaces/${target.namespace}`;
  return `${root}${scope}${plural}${target.name === undefined ? '' : `/${target.name}`}`;
}
