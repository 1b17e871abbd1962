import { digest } from '../digest.ts';

/** What a resource name is made from. */
export interface NameWish {
  /** What people know it by: a user name without its domain, an extension number. */
  readonly wish: string;
  /** Stands in where nothing of the wish can be part of a name. */
  readonly fallback: string;
  /** Unique in the account and the same for as long as possible: a whole user name. */
  readonly identity: string;
}

/** A name is a label of DNS (RFC 1123), so that it can be part of other names too. */
const longest = 63;
const suffixLengths = [6, 12];

/** The part of a text that may stand in a name: `José.Ñandú` is `jose-nandu`. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/**
 * Names for resources of one kind. The same account gives the same names, in whatever order its objects come:
 * of several with one wish each gets a suffix made from its identity, none goes without.
 */
export function nameAll<T>(items: Iterable<T>, describe: (item: T) => NameWish): ReadonlyMap<T, string> {
  const wishes = new Map([...items].map((item) => [item, describe(item)] as const));
  /** How long a suffix an item needs: an index into `suffixLengths`, -1 for none. */
  const needed = new Map<T, number>();
  for (const [item, { wish }] of wishes) {
    const base = slug(wish);
    needed.set(item, base === '' || base.length > longest ? 0 : -1);
  }
  for (;;) {
    const taken = new Map<string, T[]>();
    for (const [item, wish] of wishes) {
      const name = nameOf(wish, needed.get(item) ?? -1);
      const list = taken.get(name);
      if (list) list.push(item);
      else taken.set(name, [item]);
    }
    const rivals = [...taken.values()].filter((list) => list.length > 1).flat();
    let changed = false;
    for (const item of rivals) {
      const level = needed.get(item) ?? -1;
      if (level + 1 >= suffixLengths.length) continue;
      needed.set(item, level + 1);
      changed = true;
    }
    if (!changed) break;
  }
  return new Map([...wishes].map(([item, wish]) => [item, nameOf(wish, needed.get(item) ?? -1)]));
}

function nameOf({ wish, fallback, identity }: NameWish, level: number): string {
  const base = slug(wish) || fallback;
  const length = suffixLengths[level];
  if (length === undefined) return base;
  const suffix = digest(identity).slice(0, length);
  const stem = base.slice(0, longest - length - 1).replace(/-+$/, '');
  return `${stem}-${suffix}`;
}
