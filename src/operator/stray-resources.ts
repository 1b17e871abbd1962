import type { Clock } from '../foundation/clock.ts';
import { nextConditions, verdictsOf } from '../resources/conditions.ts';
import { referenceTo } from '../resources/reference.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import { hasFinalizer, type ResourceCache } from './resource-cache.ts';

export interface StrayTools {
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/**
 * A PhoneSystem or a key that is gone must not take people's phones with it: resources are let go as they are.
 * @param which of them; all when left out
 */
export async function orphanResources(
  resources: ResourceCache,
  { events }: StrayTools,
  why: string,
  which: 'all' | 'deleted' = 'all',
): Promise<void> {
  for (const resource of resources.list()) {
    if (!hasFinalizer(resource)) continue;
    if (which === 'deleted' && resource.metadata.deletionTimestamp === undefined) continue;
    await resources.removeFinalizer(resource);
    events.record(resource, {
      type: 'Warning',
      reason: 'Orphaned',
      action: 'Release',
      note: `${why}: nothing was changed in the account`,
    });
  }
}

/** Tells resources whose account nobody keeps why that is so. */
export async function tellStrays(
  resources: ResourceCache,
  { clock }: StrayTools,
  message: string,
): Promise<void> {
  const now = new Date(clock.now()).toISOString();
  for (const stray of resources.list()) {
    if (stray.metadata.deletionTimestamp !== undefined) continue;
    const ref = referenceTo(stray);
    const current = resources.find(ref);
    if (!current) continue;
    await resources.writeStatus(current, (resource) => {
      const generation = resource.metadata.generation ?? 0;
      const verdicts = verdictsOf('PhoneSystemNotReady', message);
      const conditions = nextConditions(resource.status?.conditions ?? [], verdicts, { now, generation });
      return {
        ...resource.status,
        observedGeneration: generation,
        conditions: conditions.map((condition) => ({ ...condition })),
      };
    });
  }
}
