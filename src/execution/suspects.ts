import type { ObjectType, ObservedAccount } from '../account/objects.ts';
import { seenExtensions } from '../account/seen-extensions.ts';

interface Suspect {
  readonly type: ObjectType;
  readonly id: string;
}

/**
 * What is to be read again when the audit trail names an object: an extension is read where its values are, which
 * is its user when it has one, and settings kept beside an object go by the object's own name in the trail.
 */
export function placesOf(suspects: readonly Suspect[], view: ObservedAccount): readonly Suspect[] {
  if (suspects.length === 0) return [];
  const places = new Map<string, Suspect>();
  const add = (type: ObjectType, id: string) => places.set(`${type}/${id}`, { type, id });
  const has = (type: ObjectType, id: string) => {
    const collection = view.collections[type];
    return collection.state === 'read' && collection.objects.has(id);
  };
  const extensions = seenExtensions(view);
  for (const { type, id } of suspects) {
    if (type === 'extension') {
      const userId = extensions.get(id)?.userId;
      if (userId === undefined) add('extension', id);
      else add('user', userId);
      if (has('extensionSettings', id)) add('extensionSettings', id);
    } else {
      add(type, id);
      if (type === 'user' && has('profileSettings', id)) add('profileSettings', id);
    }
  }
  return [...places.values()];
}
