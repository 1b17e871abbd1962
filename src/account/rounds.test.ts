import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pausedAnnotation } from '../resources/annotations.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import { type Memory, noMemory, type ResourceMemory } from './memory.ts';
import type { ObservedAccount, ObservedObject } from './objects.ts';
import type { Plan } from './plan.ts';
import { compiled, planned } from './testing/engine.ts';
import { observed, observedAccount, otherSiteRow, siteRow, userBody } from './testing/observed.ts';
import { extension, profile } from './testing/resources.ts';

const names: readonly string[] = ['ann', 'ben', 'cas'];
const name = fc.constantFrom(...names);
const word = fc.constantFrom('Engineer', 'Manager', 'Clerk');

/** One thing that happens between two rounds. */
const event = fc.oneof(
  fc.record({ kind: fc.constant('edit' as const), name, word }),
  fc.record({ kind: fc.constant('drift' as const), name, word, single: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom('hide', 'lose', 'pause', 'delete', 'remember', 'renumber', 'move'),
    name,
  }),
  fc.record({ kind: fc.constantFrom('claimEmail', 'shareExtension', 'closeSite'), name, other: name }),
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** An account over many rounds. What does not change keeps its identity, as in the engine. */
class World {
  readonly resources = new Map<string, AccountResource>();
  readonly memory = new Map<string, ResourceMemory>();
  readonly users = new Map<string, ObservedObject>();
  isSiteThere = true;

  constructor() {
    for (const [index, each] of names.entries()) {
      this.put(profile(each, { jobTitle: 'Engineer' }));
      this.put(extension(each, `10${index}0`, { callWaiting: true }));
      this.see(each, 'Engineer', false);
      this.memory.set(`UserProfile/acme/${each}`, { ...noMemory, externalId: `id-${each}` });
      this.memory.set(`Extension/acme/${each}`, { ...noMemory, externalId: `extension-${each}` });
    }
  }

  put(resource: AccountResource): void {
    this.resources.set(resourceKey(referenceTo(resource)), resource);
  }

  see(who: string, jobTitle: string, single: boolean): void {
    const extensions = [
      {
        id: `extension-${who}`,
        extensionNumber: `10${names.indexOf(who)}0`,
        callWaitingEnabled: true,
      },
    ];
    const body = userBody(who, { directoryInfo: { jobTitle }, serviceInfo: { extensions } });
    this.users.set(`id-${who}`, observed('user', body, single ? 'single' : 'complete'));
  }

  observe(): ObservedAccount {
    const account = observedAccount({ site: this.isSiteThere ? [siteRow, otherSiteRow] : [otherSiteRow] });
    const user = { state: 'read', objects: new Map(this.users), readAt: 1 } as const;
    return { ...account, collections: { ...account.collections, user } };
  }

  plan(): Plan {
    return planOf([...this.resources.values()], this.observe(), new Map(this.memory));
  }

  /** From copies of everything: of nothing in them can anything be kept. */
  planAfresh(): Plan {
    const { collections, gone } = structuredClone(this.observe());
    return planOf(
      structuredClone([...this.resources.values()]),
      { collections, gone },
      structuredClone(this.memory),
    );
  }

  happen(one: Event): void {
    const userKey = `UserProfile/acme/${one.name}`;
    const user = this.resources.get(userKey);
    const line = this.resources.get(`Extension/acme/${one.name}`);
    if (user?.kind !== 'UserProfile' || line?.kind !== 'Extension')
      throw new Error('there is no such person');
    const { metadata, spec } = user;
    if (one.kind === 'edit') this.put({ ...user, spec: { ...spec, jobTitle: one.word } });
    else if (one.kind === 'drift') this.see(one.name, one.word, one.single);
    else if (one.kind === 'hide') {
      const body = userBody(one.name);
      this.users.set(`id-${one.name}`, observed('user', body, 'sparse'));
    } else if (one.kind === 'lose') this.users.delete(`id-${one.name}`);
    else if (one.kind === 'pause')
      this.put({ ...user, metadata: { ...metadata, annotations: { [pausedAnnotation]: 'true' } } });
    else if (one.kind === 'delete')
      this.put({ ...user, metadata: { ...metadata, deletionTimestamp: '2026-01-05T09:00:00Z' } });
    else if (one.kind === 'move') this.put({ ...user, spec: { ...spec, site: { name: otherSiteRow.name } } });
    else if (one.kind === 'renumber') this.put({ ...line, spec: { ...line.spec, number: '1999' } });
    else if (one.kind === 'remember') this.remember();
    else if (one.kind === 'closeSite') this.isSiteThere = !this.isSiteThere;
    else if (one.kind === 'claimEmail' && 'other' in one)
      this.put({ ...user, spec: { ...spec, userName: `${one.other}@example.com` } });
    else if (one.kind === 'shareExtension' && 'other' in one)
      this.put({ ...line, spec: { ...line.spec, userProfileRef: { name: one.other } } });
  }

  remember(): void {
    for (const [key, { applied }] of this.plan().outcomes) {
      const before = this.memory.get(key);
      if (before && before.applied !== applied) this.memory.set(key, { ...before, applied });
    }
  }
}

function planOf(resources: readonly AccountResource[], account: ObservedAccount, memory: Memory): Plan {
  return planned(resources, { observed: account, memory });
}

const text = (plan: Plan) => JSON.stringify({ ...plan, outcomes: [...plan.outcomes] });

describe('a round', () => {
  it('gives what it would have given without the rounds before it, whatever happened between them', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 12 }), (events) => {
        const world = new World();
        world.plan();
        for (const one of events) {
          world.happen(one);
          expect(text(world.plan())).toBe(text(world.planAfresh()));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('makes nothing anew of what has not changed', () => {
    const world = new World();
    world.remember();
    const rounds = [world, world].map(() =>
      compiled([...world.resources.values()], { observed: world.observe(), memory: new Map(world.memory) }),
    );
    const [first, second] = rounds.map(({ objects }) => objects.filter(({ type }) => type === 'user'));
    expect(first).toHaveLength(names.length);
    expect(second?.map((object, index) => object === first?.[index])).toEqual(names.map(() => true));
  });
});
