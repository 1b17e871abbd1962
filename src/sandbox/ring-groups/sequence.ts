/** One entry that asks for a place; `position` is 1-based, `undefined` means no wish. */
export interface Placed<T> {
  readonly item: T;
  readonly position: number | undefined;
}

/**
 * Puts entries with a wished position where they ask to be; whoever is there shifts down. Entries without a
 * wish keep their order, and a position beyond the end means last. What comes out counts 1..n without gaps
 * (8x8 guide: ring groups).
 */
export function arrange<T>(entries: readonly Placed<T>[]): T[] {
  const result = entries.filter((entry) => entry.position === undefined).map((entry) => entry.item);
  const placed = entries.flatMap(({ item, position }) =>
    position === undefined ? [] : [{ item, position }],
  );
  placed.sort((a, b) => a.position - b.position);
  for (const { item, position } of placed) result.splice(position - 1, 0, item);
  return result;
}
