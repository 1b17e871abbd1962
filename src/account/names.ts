import type { ObjectType, ObservedAccount } from './objects.ts';

/** What resources refer to by name and the phone system by id. */
const named = [
  'site',
  'userGroup',
  'profilePolicy',
  'ringGroup',
  'license',
] as const satisfies readonly ObjectType[];

/** What the account calls the thing with an id. */
export function namesIn({ collections }: ObservedAccount): (id: string) => string | undefined {
  const names = new Map<string, string>();
  for (const type of named) {
    const collection = collections[type];
    if (collection.state !== 'read') continue;
    for (const { body, id } of collection.objects.values()) {
      if (typeof body.name === 'string') names.set(id, body.name);
    }
  }
  return (id) => names.get(id);
}
