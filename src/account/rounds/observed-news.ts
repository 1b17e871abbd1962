import { jsonEqual } from '../../foundation/json.ts';
import {
  type Collection,
  type ObjectType,
  type ObservedAccount,
  type ObservedObject,
  objectTypes,
} from '../objects.ts';

/** What is looked up by name for any resource: a change of one may concern each of them. */
const sharedTypes: ReadonlySet<ObjectType> = new Set(['site', 'userGroup', 'profilePolicy']);
/** What no profile or extension is made from: addresses are named by id, groups are only shown. */
const unusedTypes: ReadonlySet<ObjectType> = new Set(['address', 'ringGroup', 'portingOrder']);

export interface ObservedNews {
  /** Anything may have another meaning now: a site has another name, or a whole collection became known. */
  readonly concernsAll: boolean;
  /** Objects that came, went or changed, as they were and as they are. */
  readonly changed: readonly ObservedObject[];
}

/** Tells what is new in the account since the last look. */
export class ObservedChanges {
  readonly #objects = new Map<ObjectType, Map<string, ObservedObject>>();
  readonly #states = new Map<ObjectType, string>();

  take(observed: ObservedAccount): ObservedNews {
    const changed: ObservedObject[] = [];
    let concernsAll = false;
    for (const type of objectTypes) {
      const collection = observed.collections[type];
      const state = collection.state === 'read' ? 'read' : `${collection.state}: ${collection.reason}`;
      if (this.#states.get(type) !== state) concernsAll = true;
      this.#states.set(type, state);
      if (unusedTypes.has(type)) continue;
      const before = changed.length;
      this.#compare(type, collection, changed);
      if (sharedTypes.has(type) && changed.length > before) concernsAll = true;
    }
    return { concernsAll, changed };
  }

  #compare(type: ObjectType, collection: Collection, changed: ObservedObject[]): void {
    const known = this.#objects.get(type) ?? new Map<string, ObservedObject>();
    this.#objects.set(type, known);
    const objects: ReadonlyMap<string, ObservedObject> =
      collection.state === 'read' ? collection.objects : new Map();
    for (const [id, object] of objects) {
      const before = known.get(id);
      if (before === object) continue;
      known.set(id, object);
      if (before && before.source === object.source && jsonEqual(before.body, object.body)) continue;
      if (before) changed.push(before);
      changed.push(object);
    }
    if (known.size === objects.size) return;
    for (const [id, object] of known) {
      if (objects.has(id)) continue;
      known.delete(id);
      changed.push(object);
    }
  }
}
