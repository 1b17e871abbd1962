import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../foundation/json.ts';
import type { Extension } from '../resources/generated/extension.ts';
import type { UserProfile } from '../resources/generated/user-profile.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { resourceKey } from '../resources/reference.ts';
import { AccountView } from './account-view.ts';
import { applyFields } from './apply.ts';
import { compile } from './compile/compile.ts';
import { defaultPolicy } from './compile/input.ts';
import { diff } from './diff.ts';
import type { Memory, ResourceMemory } from './memory.ts';
import {
  type Collection,
  type ObjectType,
  type ObservedAccount,
  type ObservedObject,
  objectTypes,
} from './objects.ts';
import type { Plan } from './plan.ts';
import { defaultAllowance } from './removal-guard.ts';

const site = { id: 'site-1', name: 'Springfield HQ', pbxName: 'acme01' };
const now = Date.UTC(2026, 0, 5);

const word = fc.stringMatching(/^[A-Za-z]{2,12}$/);

const profileSpec = fc.record(
  {
    firstName: word,
    lastName: word,
    jobTitle: fc.oneof(word, fc.constant('')),
    department: word,
    status: fc.constantFrom('Active' as const, 'Inactive' as const),
    timezone: fc.constantFrom('America/Chicago', 'Europe/London'),
    personalPhoneNumbers: fc.array(
      fc.record({
        number: fc.constantFrom('+14085550101', '+14085550102'),
        type: fc.constantFrom('Work' as const, 'Mobile' as const),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['firstName', 'lastName'] },
);

const extensionSpec = fc.record(
  {
    callWaiting: fc.boolean(),
    maxConcurrentCalls: fc.integer({ min: 1, max: 9 }),
    callerId: fc.record({ externalName: word, blockOutbound: fc.boolean() }),
    devices: fc.uniqueArray(fc.record({ macAddress: fc.constantFrom('0A-1B-2C-3D-4E-5F', '0a1b2c3d4e6f') }), {
      maxLength: 2,
      selector: ({ macAddress }) => macAddress,
    }),
  },
  { requiredKeys: [] },
);

/** A company: some people, some of them with an extension. */
const company: fc.Arbitrary<AccountResource[]> = fc
  .array(fc.tuple(profileSpec, fc.option(extensionSpec)), { minLength: 1, maxLength: 6 })
  .map((people) =>
    people.flatMap(([profile, extension], index): AccountResource[] => {
      const metadata = { name: `person-${index}`, namespace: 'acme' };
      const email = `person-${index}@example.com`;
      const user: UserProfile = {
        apiVersion: 'dialops.dev/v1alpha1',
        kind: 'UserProfile',
        metadata,
        spec: { ...profile, email, site: { name: site.name } },
      };
      if (!extension) return [user];
      // One device rings for one extension.
      const devices = extension.devices?.map(({ macAddress }) => ({
        macAddress: macAddress.replace(/.$/, String(index)),
      }));
      const line: Extension = {
        apiVersion: 'dialops.dev/v1alpha1',
        kind: 'Extension',
        metadata,
        spec: {
          ...extension,
          ...(devices ? { devices } : {}),
          number: `10${index}0`,
          type: 'UC',
          userProfileRef: { name: metadata.name },
        },
      };
      return [user, line];
    }),
  );

/** What the account may hold that no YAML says anything of. */
const undeclared: fc.Arbitrary<JsonObject> = fc.record({
  ssoProvider: word,
  invented: fc.record({
    by: word,
    deep: fc.array(fc.record({ id: word, value: fc.integer() }), { maxLength: 2 }),
  }),
});

class Account {
  readonly objects = new Map<string, JsonObject>();
  readonly memory = new Map<string, ResourceMemory>();

  observe(rows: 'complete' | 'sparse' = 'complete'): ObservedAccount {
    const view = new AccountView();
    const users = new Map<string, ObservedObject>();
    for (const [id, body] of this.objects) {
      const shown = rows === 'complete' ? body : { basicInfo: { userId: id, userName: nameOf(body) } };
      users.set(id, { type: 'user', id, body: shown, source: 'row', readAt: 1 });
    }
    const sites = new Map([
      [site.id, { type: 'site', id: site.id, body: site, source: 'row', readAt: 1 } as const],
    ]);
    view.adopt({ collections: collectionsOf({ user: users, site: sites }), gone: new Map() });
    return view;
  }

  plan(resources: readonly AccountResource[], rows: 'complete' | 'sparse' = 'complete'): Plan {
    const observed = this.observe(rows);
    const memory: Memory = this.memory;
    const desired = compile({
      resources,
      policy: defaultPolicy,
      observed,
      memory,
      now,
      secretRevision: () => undefined,
    });
    expect(desired.problems).toEqual([]);
    return diff({ desired, observed, memory, driftPolicy: 'Correct', removals: defaultAllowance });
  }

  /** Carries a plan out as the phone system would, and remembers as the executor does. */
  apply(resources: readonly AccountResource[], plan: Plan): void {
    for (const change of plan.changes) {
      expect(change.gate).toBeUndefined();
      const id = change.objectId ?? `id of ${change.naturalKey}`;
      const fields = change.fields.map(({ field }) => field);
      this.objects.set(id, withIds(applyFields(this.objects.get(id) ?? {}, fields), id));
    }
    for (const resource of resources) this.#bind(resource);
    for (const outcome of this.plan(resources).outcomes.values()) {
      const key = resourceKey(outcome.resource);
      const before = this.memory.get(key);
      this.memory.set(key, { handled: {}, ...before, applied: outcome.applied });
    }
  }

  #bind(resource: AccountResource): void {
    const { name } = resource.metadata;
    const userId = `id of ${name}@example.com`;
    const key = resourceKey({ kind: resource.kind, namespace: 'acme', name });
    const externalId = resource.kind === 'Extension' ? `${userId} ${resource.spec.number}` : userId;
    this.memory.set(key, { applied: {}, handled: {}, ...this.memory.get(key), externalId });
  }
}

function nameOf(user: JsonObject): Json {
  const { basicInfo } = user;
  return typeof basicInfo === 'object' && basicInfo !== null && 'userName' in basicInfo
    ? basicInfo.userName
    : null;
}

/** The ids that the phone system gives: of the user, and of each extension. */
function withIds(user: JsonObject, userId: string): JsonObject {
  const text = JSON.stringify(user, (key, value: unknown) => {
    if (key === 'extensions' && Array.isArray(value)) {
      return value.map((extension: { extensionNumber: string }) => ({
        ...extension,
        id: `${userId} ${extension.extensionNumber}`,
      }));
    }
    return key === 'basicInfo' && typeof value === 'object' ? { ...value, userId } : value;
  });
  const body: JsonObject = JSON.parse(text);
  return body;
}

function collectionsOf(
  read: Partial<Record<ObjectType, ReadonlyMap<string, ObservedObject>>>,
): Readonly<Record<ObjectType, Collection>> {
  const state = (type: ObjectType): Collection => {
    const objects = read[type];
    return objects
      ? { state: 'read', objects, readAt: 1 }
      : { state: 'unsupported', reason: 'not in this test' };
  };
  const states = Object.fromEntries(objectTypes.map((type) => [type, state(type)]));
  return { ...new AccountView().collections, ...states };
}

describe('compile and diff, for any company', () => {
  it('converge in one round, after which nothing differs', () => {
    fc.assert(
      fc.property(company, (resources) => {
        const account = new Account();
        const first = account.plan(resources);
        const people = resources.filter(({ kind }) => kind === 'UserProfile');
        expect(first.changes.map(({ action }) => action)).toEqual(people.map(() => 'Create'));
        account.apply(resources, first);
        expect(account.plan(resources).changes).toEqual([]);
      }),
    );
  });

  it('bring one company to another in one round', () => {
    fc.assert(
      fc.property(company, company, (before, after) => {
        const account = new Account();
        account.apply(before, account.plan(before));
        const shared = after.filter((resource) => resource.kind === 'UserProfile');
        account.apply(shared, account.plan(shared));
        expect(account.plan(shared).changes).toEqual([]);
      }),
    );
  });

  it('leave everything alone that is not declared, unknown members included', () => {
    fc.assert(
      fc.property(company, company, undeclared, (before, after, extra) => {
        const account = new Account();
        account.apply(before, account.plan(before));
        for (const [id, body] of account.objects) account.objects.set(id, { ...body, ...extra });
        const people = after.filter((resource) => resource.kind === 'UserProfile');
        const known = new Set(account.objects.keys());
        account.apply(people, account.plan(people));
        for (const id of known) expect(account.objects.get(id)).toMatchObject(extra);
      }),
    );
  });

  it('give the same plan, byte for byte, in whatever order the resources come', () => {
    fc.assert(
      fc.property(company, fc.infiniteStream(fc.nat()), (resources, order) => {
        const ranks = new Map(resources.map((resource) => [resource, order.next().value ?? 0]));
        const shuffled = resources.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
        const text = (plan: Plan) => JSON.stringify({ ...plan, outcomes: [...plan.outcomes] });
        expect(text(new Account().plan(shuffled))).toBe(text(new Account().plan(resources)));
      }),
    );
  });

  it('never take what a sparse row hides for drift, for absence or for a reason to write', () => {
    fc.assert(
      fc.property(company, (resources) => {
        const account = new Account();
        account.apply(resources, account.plan(resources));
        const plan = account.plan(resources, 'sparse');
        expect(plan.changes).toEqual([]);
        expect([...plan.outcomes.values()].flatMap(({ drift }) => drift)).toEqual([]);
        expect(new Set(plan.reads.map(({ id }) => id))).toEqual(new Set(account.objects.keys()));
      }),
    );
  });

  it('find every value that somebody changed, call it drift, and put it right', () => {
    fc.assert(
      fc.property(company, word, (resources, title) => {
        const account = new Account();
        account.apply(resources, account.plan(resources));
        const [victim] = account.objects;
        if (!victim) throw new Error('a company has people');
        const [id, body] = victim;
        const { basicInfo } = body;
        if (typeof basicInfo !== 'object' || basicInfo === null || !('firstName' in basicInfo))
          throw new Error('no name');
        fc.pre(basicInfo.firstName !== title);
        account.objects.set(id, { ...body, basicInfo: { ...basicInfo, firstName: title } });
        const plan = account.plan(resources);
        expect(
          plan.changes.flatMap(({ fields }) => fields.map(({ path, cause }) => [path.join('.'), cause])),
        ).toEqual([['basicInfo.firstName', 'drift']]);
        account.apply(resources, plan);
        expect(account.objects.get(id)).toEqual(body);
      }),
    );
  });
});
