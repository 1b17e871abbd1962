import type { Memory, PendingWrite } from '../account/memory.ts';
import type { Change } from '../account/plan.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { type ResourceRef, referenceTo, resourceKey } from '../resources/reference.ts';

/** One write of an earlier process, as memory has it. */
export interface Resumable {
  readonly change: Change;
  readonly pending: PendingWrite;
}

const resumed = 'resume ';

/** Was it begun by an earlier process? */
export function isResumed({ id }: Change): boolean {
  return id.startsWith(resumed);
}

/** Unfinished writes by resource; several resources share one when their values went out together. */
export function resumable(resources: readonly AccountResource[], memory: Memory): Resumable[] {
  const found = new Map<string, { pending: PendingWrite; refs: ResourceRef[] }>();
  for (const resource of resources) {
    const ref = referenceTo(resource);
    const remembered = memory.get(resourceKey(ref));
    const pending = remembered?.pending;
    if (!pending) continue;
    const key = pending.operationId ?? `${pending.objectType}/${pending.naturalKey}`;
    const entry = found.get(key) ?? { pending, refs: [] };
    entry.refs.push(ref);
    found.set(key, entry);
  }
  return [...found.values()].flatMap(({ pending, refs }) => {
    const [first, ...others] = refs.toSorted((a, b) => rank(a) - rank(b));
    if (!first) return [];
    const change: Change = {
      id: `${resumed}${pending.operationId ?? pending.naturalKey}`,
      action: pending.intent === 'Act' ? 'Submit' : pending.intent,
      type: pending.objectType,
      handle: `${pending.objectType}/${resourceKey(first)}`,
      naturalKey: pending.naturalKey,
      ...(pending.objectId === undefined ? {} : { objectId: pending.objectId }),
      fields: [],
      resources: [first, ...others],
      risk: 'safe',
      after: [],
      requests: 1,
    };
    return [{ change, pending }];
  });
}

/** The resource that the object stands or falls with comes first: its profile, not its extension. */
function rank(ref: ResourceRef): number {
  return ref.kind === 'UserProfile' ? 0 : 1;
}
