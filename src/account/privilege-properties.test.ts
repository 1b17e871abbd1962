import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../foundation/json.ts';
import type { PrivilegeGrant } from '../resources/generated/privilege-grant.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import { applyFields } from './apply.ts';
import { listOf } from './compile/account-index.ts';
import { type Sections, scopesOf } from './compile/privilege-sections.ts';
import type { Memory, ResourceMemory } from './memory.ts';
import type { Plan } from './plan.ts';
import { compiled, now, planned } from './testing/engine.ts';
import { observedAccount, userBody } from './testing/observed.ts';
import { deleting, grant, profile } from './testing/resources.ts';

/** Whose the grants are, by their position: a copy comes from somebody further left, so that nobody feeds oneself. */
const holders = ['amy', 'amy', 'ben', 'cho', 'cho'] as const;
const people = ['amy', 'ben', 'cho'];
const pbxNames = ['*', 'acme01', 'acme02'];

const sections = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('Users', 'Audit', 'Billing'),
    privileges: fc.uniqueArray(fc.constantFrom('View', 'Manage', 'Export'), { minLength: 1 }),
  }),
  { minLength: 1, maxLength: 3, selector: ({ name }) => name },
);
const pbxes = fc.uniqueArray(fc.constantFrom(...pbxNames), { minLength: 1, maxLength: 2 });

interface Wish {
  readonly sections: { readonly name: string; readonly privileges: string[] }[];
  readonly pbxes: string[];
  /** Which grant it copies, if there is one that it may. */
  readonly source: number | null;
  readonly ownPbxes: boolean;
  readonly hours: number | null;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  sections,
  pbxes,
  source: fc.option(fc.nat(), { freq: 2 }),
  ownPbxes: fc.boolean(),
  hours: fc.option(fc.constantFrom(-1, 1), { freq: 3 }),
});

/** Some grants, each of which may be missing. */
const grants: fc.Arbitrary<PrivilegeGrant[]> = fc
  .tuple(...holders.map(() => fc.option(wish, { freq: 3 })))
  .map((wishes) => {
    const made: { readonly holder: string; readonly lasts: boolean; readonly resource: PrivilegeGrant }[] =
      [];
    for (const [index, each] of wishes.entries()) {
      const holder = holders[index];
      if (!each || holder === undefined) continue;
      const sources = made.filter((other) => other.holder < holder && other.lasts);
      const source = each.source === null ? undefined : sources[each.source % Math.max(1, sources.length)];
      const end =
        each.hours === null ? {} : { expiresAt: new Date(now + each.hours * 3_600_000).toISOString() };
      const what = source
        ? {
            copyFrom: { privilegeGrantRef: { name: source.resource.metadata.name } },
            ...(each.ownPbxes ? { pbxes: each.pbxes } : {}),
          }
        : { sections: each.sections, pbxes: each.pbxes };
      const resource = grant(holder, { adoptionPolicy: 'IfUnclaimed', ...what, ...end });
      made.push({
        holder,
        lasts: each.hours === null || each.hours > 0,
        resource: { ...resource, metadata: { ...resource.metadata, name: `grant-${index}` } },
      });
    }
    return made.map(({ resource }) => resource);
  });

/** What nobody declares: rights given by hand in a section of their own, and members that nobody knows. */
const byHand: fc.Arbitrary<JsonObject> = fc.record({
  scopes: fc.uniqueArray(fc.constantFrom(...pbxNames), { maxLength: 3 }).map((names) =>
    names.map((pbxName) => ({
      pbxName,
      invented: 1,
      sections: [{ name: 'Devices', privileges: ['View'], since: 2020 }],
    })),
  ),
  supportPassphrase: fc.constantFrom('SET', 'NOT_SET'),
});

class Account {
  readonly administrators = new Map<string, JsonObject>();
  readonly memory = new Map<string, ResourceMemory>();
  readonly profiles = people.map((name) => profile(name));

  constructor() {
    for (const each of this.profiles) this.#remember(each, { externalId: `id-${each.metadata.name}` });
  }

  #remember(resource: AccountResource, facts: Partial<ResourceMemory>): void {
    const key = resourceKey(referenceTo(resource));
    this.memory.set(key, { applied: {}, handled: {}, ...this.memory.get(key), ...facts });
  }

  plan(resources: readonly PrivilegeGrant[], memory: Memory = this.memory): Plan {
    const observed = observedAccount(
      { user: people.map((name) => userBody(name)), administrator: [...this.administrators.values()] },
      { rows: 'single' },
    );
    const world = { observed, memory, removals: { maxCount: 1_000 } };
    const all = [...this.profiles, ...resources];
    expect(compiled(all, world).problems).toEqual([]);
    return planned(all, world);
  }

  /** As the phone system and the executor would: what was written is remembered as applied. */
  apply(resources: readonly PrivilegeGrant[]): void {
    for (const change of this.plan(resources).changes) {
      expect(change.gate).toBeUndefined();
      const id = change.objectId ?? change.naturalKey;
      const body = this.administrators.get(id) ?? { userId: id, primary: false, scopes: [] };
      this.administrators.set(
        id,
        applyFields(
          body,
          change.fields.map(({ field }) => field),
        ),
      );
    }
    for (const resource of resources) {
      this.#remember(resource, { externalId: `id-${resource.spec.userProfileRef.name}` });
      const outcome = this.plan(resources).outcomes.get(resourceKey(referenceTo(resource)));
      this.#remember(resource, { applied: outcome?.applied ?? {} });
    }
  }

  forget(resources: readonly PrivilegeGrant[]): void {
    for (const resource of resources) this.memory.delete(resourceKey(referenceTo(resource)));
  }

  /** `person section@pbx privilege` of everything that somebody has of the sections that grants name. */
  access(): string[] {
    return [...this.administrators].flatMap(([id, body]) =>
      rightsOf(
        id.slice('id-'.length),
        (scopesOf(body) ?? []).filter(({ section }) => section !== 'Devices'),
      ),
    );
  }
}

function rightsOf(person: string, given: Sections): string[] {
  return given.flatMap(({ pbx, section, privileges }) =>
    privileges.map((privilege) => `${person} ${section}@${pbx} ${privilege}`),
  );
}

/** What grants give by their own words. */
function declaredBy(all: readonly PrivilegeGrant[]): ReadonlySet<string> {
  const given = ({ spec }: PrivilegeGrant): Sections => {
    if (spec.sections) {
      return (spec.pbxes ?? []).flatMap((pbx) =>
        (spec.sections ?? []).map(({ name, privileges }) => ({ pbx, section: name, privileges })),
      );
    }
    const source = all.find(({ metadata }) => metadata.name === spec.copyFrom?.privilegeGrantRef?.name);
    const copied = source ? given(source) : [];
    return spec.pbxes ? spec.pbxes.flatMap((pbx) => copied.map((place) => ({ ...place, pbx }))) : copied;
  };
  const lasting = all.filter(({ spec }) => spec.expiresAt === undefined || Date.parse(spec.expiresAt) > now);
  return new Set(lasting.flatMap((each) => rightsOf(each.spec.userProfileRef.name, given(each))));
}

const sorted = (texts: Iterable<string>) => [...new Set(texts)].sort();

describe('compile and diff, for any privileges', () => {
  it('give in one round what the grants say, after which nothing differs', () => {
    fc.assert(
      fc.property(grants, (all) => {
        const account = new Account();
        account.apply(all);
        expect(sorted(account.access())).toEqual(sorted(declaredBy(all)));
        expect(account.plan(all).changes).toEqual([]);
      }),
    );
  });

  it('find nothing to do in an account that is as declared, and remembers nothing', () => {
    fc.assert(
      fc.property(grants, (all) => {
        const account = new Account();
        account.apply(all);
        account.forget(all);
        expect(account.plan(all).changes).toEqual([]);
      }),
    );
  });

  it('bring any grants to any others in one round: what is no longer named, given or there is taken away', () => {
    fc.assert(
      fc.property(grants, grants, (before, after) => {
        const account = new Account();
        account.apply(before);
        const names = new Set(after.map(({ metadata }) => metadata.name));
        const leaving = before.filter(({ metadata }) => !names.has(metadata.name)).map(deleting);
        account.apply([...after, ...leaving]);
        expect(sorted(account.access())).toEqual(sorted(declaredBy(after)));
        expect(account.plan([...after, ...leaving]).changes).toEqual([]);
        account.forget(leaving);
        expect(account.plan(after).changes).toEqual([]);
      }),
    );
  });

  it('leave alone what no grant names, unknown members included', () => {
    fc.assert(
      fc.property(grants, grants, byHand, (before, after, extra) => {
        const account = new Account();
        for (const name of people) {
          const userId = `id-${name}`;
          account.administrators.set(userId, { userId, primary: false, ...extra });
        }
        account.apply(before);
        const names = new Set(after.map(({ metadata }) => metadata.name));
        account.apply([
          ...after,
          ...before.filter(({ metadata }) => !names.has(metadata.name)).map(deleting),
        ]);
        for (const body of account.administrators.values()) {
          expect(body.supportPassphrase).toEqual(extra.supportPassphrase);
          expect(devicesOf(body)).toEqual(devicesOf(extra));
        }
      }),
    );
  });

  it('give the same plan, byte for byte, in whatever order the grants come', () => {
    fc.assert(
      fc.property(grants, fc.infiniteStream(fc.nat()), (all, order) => {
        const ranks = new Map(all.map((each) => [each, order.next().value ?? 0]));
        const shuffled = all.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
        const text = (plan: Plan) => JSON.stringify({ ...plan, outcomes: [...plan.outcomes] });
        expect(text(new Account().plan(shuffled))).toBe(text(new Account().plan(all)));
      }),
    );
  });
});

/** The scopes that were given by hand, without the sections that grants may add to them. */
function devicesOf({ scopes }: JsonObject): JsonObject[] {
  return listOf(scopes)
    .filter(({ invented }) => invented !== undefined)
    .map((scope) => ({
      ...scope,
      sections: listOf(scope.sections).filter(({ name }) => name === 'Devices'),
    }));
}
