import { beforeEach, describe, expect, it } from 'vitest';
import { bound, compiled, memories, planned } from '../account/testing/engine.ts';
import { observedAccount, userBody } from '../account/testing/observed.ts';
import { deleting, profile } from '../account/testing/resources.ts';
import { HeldRemovals, type PendingRemovals } from './held-removals.ts';

const names = ['amy', 'ben', 'cleo', 'dan', 'eva', 'finn'];
const leaving = names.map((name) => deleting(profile(name, { deletionPolicy: 'Delete' })));

let removals: HeldRemovals;
beforeEach(() => {
  removals = new HeldRemovals(undefined);
});

/** A round in which these are in the account and shall leave it. */
function round(annotation: string | undefined, there: readonly string[] = names) {
  const world = {
    observed: observedAccount({ user: there.map((name) => userBody(name)) }),
    memory: memories(...leaving.map((person) => bound(person, `id-${person.metadata.name}`))),
  };
  const resources = leaving.filter(({ metadata }) => there.includes(metadata.name));
  const allowance = { maxCount: 1, maxPercent: 0, recent: 0, ...removals.approval(annotation) };
  const plan = planned(resources, { ...world, removals: allowance });
  const held: PendingRemovals | undefined = removals.observe(plan, compiled(resources, world));
  return held;
}

function digestOf(held: PendingRemovals | undefined): string {
  if (!held) throw new Error('nothing is held');
  return held.digest;
}

describe('an approval of removals', () => {
  it('lets the set go that was held, and the rest of it', () => {
    const digest = digestOf(round(undefined));
    expect(round(digest)).toBeUndefined();
    expect(round(digest, names.slice(0, 4))).toBeUndefined();
    expect(removals.spent).toBeUndefined();
  });

  it('is used up once the set is gone: the same set another time needs another one', () => {
    const digest = digestOf(round(undefined));
    round(digest);
    round(digest, []);
    expect(removals.spent).toBe(digest);
    const again = digestOf(round(digest));
    expect(again).not.toBe(digest);
    expect(round(digest)).toEqual({ digest: again, count: 6 });
    expect(round(again)).toBeUndefined();
    round(again, []);
    expect(digestOf(round(again))).toBe(digest);
  });

  it('stays used up after a restart', () => {
    const digest = digestOf(round(undefined));
    removals = new HeldRemovals(digest);
    expect(digestOf(round(digest))).not.toBe(digest);
  });

  it('that was given to an earlier process holds for the rest, too', () => {
    const digest = digestOf(round(undefined));
    removals = new HeldRemovals(undefined);
    expect(round(digest)).toBeUndefined();
    expect(round(digest, names.slice(0, 3))).toBeUndefined();
  });

  it('is taken back with the annotation', () => {
    const digest = digestOf(round(undefined));
    round(digest);
    expect(digestOf(round(undefined))).toBe(digest);
  });

  it('lets nothing else go', () => {
    const digest = digestOf(round(undefined, names.slice(0, 4)));
    expect(round(digest)).toMatchObject({ count: 2 });
    expect(round('0123456789ab')).toMatchObject({ count: 6 });
    expect(removals.spent).toBeUndefined();
  });
});
