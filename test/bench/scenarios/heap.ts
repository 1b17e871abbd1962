import { storedMemory } from '../../../src/execution/memory-store.ts';
import { Cache } from '../../../src/operator/kubernetes/cache.ts';
import type { KubernetesObject } from '../../../src/operator/kubernetes/object.ts';
import type { AccountResource } from '../../../src/resources/kinds.ts';
import { referenceTo, resourceKey } from '../../../src/resources/reference.ts';
import { Flow } from '../../flows/support/account.ts';
import { companyOf, declaredAsIs, type Size } from '../company.ts';

type Cached = AccountResource & KubernetesObject;

/**
 * Bytes of heap that each resource takes in an operator at rest: as the API server sent it, with its status; what
 * was read of the phone system; the memory, the last plan, and what is kept to make the next one. Run node with
 * --expose-gc.
 */
export async function heapBytesPerResource(size: Size, sparseRows: boolean): Promise<number> {
  const company = companyOf(size);
  // The sandbox is another program: what it holds is there before and after.
  const flow = new Flow({ resources: [], company, sandbox: { sparseRows }, checksRounds: false });
  const statuses = await settledStatuses(size);
  const before = heapUsed();
  const cache = new Cache<Cached>((error) => {
    throw error;
  });
  for (const resource of declaredAsIs(company)) cache.upsert(asSent(resource, statuses));
  await flow.apply(cache.list());
  const bytes = heapUsed() - before;
  // Still there, as before: otherwise its end would hide what else came.
  if (statuses.size !== cache.size || cache.size !== flow.plan?.outcomes.size)
    throw new Error('Not all resources were taken up');
  return Math.round(bytes / cache.size);
}

/** What each resource's status holds once all is settled, as text, with either rows: nothing of it is counted. */
async function settledStatuses(size: Size): Promise<Map<string, string>> {
  const company = companyOf(size);
  const flow = new Flow({ resources: declaredAsIs(company), company, checksRounds: false });
  await flow.apply();
  const now = new Date(flow.clock.now()).toISOString();
  return new Map(
    flow.resources.map((resource) => {
      const key = resourceKey(referenceTo(resource));
      const memory = flow.store.get(key);
      const ready = {
        type: 'Ready',
        status: 'True',
        reason: 'Synced',
        message: 'The phone system has all that is declared',
        observedGeneration: 1,
        lastTransitionTime: now,
      };
      const status = {
        observedGeneration: 1,
        externalId: memory.externalId,
        conditions: [ready],
        memory: storedMemory(memory),
      };
      return [key, JSON.stringify(status)];
    }),
  );
}

/** Through text, as from the API server: no two resources share a value. */
function asSent(resource: AccountResource, statuses: ReadonlyMap<string, string>): Cached {
  const key = resourceKey(referenceTo(resource));
  const { metadata, ...rest } = resource;
  const stored = {
    ...rest,
    metadata: {
      ...metadata,
      uid: `00000000-0000-4000-8000-${Buffer.from(key).toString('hex').slice(-12)}`,
      resourceVersion: '1000001',
      generation: 1,
      creationTimestamp: '2026-01-05T09:00:00Z',
      finalizers: ['dialops.dev/account'],
    },
    status: JSON.parse(statuses.get(key) ?? '{}'),
  };
  const parsed: Cached = JSON.parse(JSON.stringify(stored));
  return parsed;
}

function heapUsed(): number {
  if (!globalThis.gc) throw new Error('Heap is measured with node --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
