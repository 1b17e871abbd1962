import { reconcileAnnotation } from '../resources/annotations.ts';
import type { StoredResource } from './kinds.ts';
import type { CacheChange } from './kubernetes/cache.ts';

/** What a change of a resource means to whoever keeps the account. */
export type ResourceNews =
  | 'gone'
  | {
      /** It is new, or its deletion is. */
      readonly arrived: boolean;
      /** A person changed its spec. */
      readonly edited: boolean;
      /** Somebody wants it looked at now. */
      readonly asked: boolean;
    };

export function newsOf(change: CacheChange<StoredResource>): ResourceNews {
  if (change.type === 'deleted') return 'gone';
  const { annotations, deletionTimestamp, generation } = change.object.metadata;
  if (change.type === 'added') return { arrived: true, edited: false, asked: false };
  const before = change.before.metadata;
  return {
    arrived: deletionTimestamp !== undefined && before.deletionTimestamp === undefined,
    edited: before.generation !== generation,
    asked: annotations?.[reconcileAnnotation] !== before.annotations?.[reconcileAnnotation],
  };
}
