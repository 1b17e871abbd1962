import { describe, expect, it } from 'vitest';
import { formatPath } from './objects.ts';
import type { Plan } from './plan.ts';
import { removalsLetGo } from './removal-guard.ts';
import { bound, compiled, memories, outcomeOf, planned, remembers, type World } from './testing/engine.ts';
import { observedAccount, userBody } from './testing/observed.ts';
import { deleting, extension, profile } from './testing/resources.ts';

const names = ['amy', 'ben', 'cleo', 'dan', 'eva', 'finn'];
const leaving = names.map((name) => deleting(profile(name, { deletionPolicy: 'Delete' })));

/** A plan in which the first `count` people leave an account that holds them all. */
function planOf(count: number, removals: World['removals'] = {}): Plan {
  const observed = observedAccount({ user: names.map((name) => userBody(name)) });
  const memory = memories(...leaving.map((person) => bound(person, `id-${person.metadata.name}`)));
  return planned(leaving.slice(0, count), { observed, memory, removals });
}

const gates = (plan: Plan) => [...new Set(plan.changes.map(({ gate }) => gate?.kind))];

function digestOf(plan: Plan): string {
  const gate = plan.changes.flatMap((change) => change.gate ?? []).at(-1);
  return gate?.kind === 'removalGuard' ? gate.digest : 'no removal guard';
}

describe('the removal guard', () => {
  it('lets as many removals pass as the account allows', () => {
    const plan = planOf(5);
    expect(plan.changes).toHaveLength(5);
    expect(gates(plan)).toEqual([undefined]);
  });

  it('holds all of them back when there is one more, not only the one too many', () => {
    const plan = planOf(6);
    expect(plan.changes).toHaveLength(6);
    expect(gates(plan)).toEqual(['removalGuard']);
  });

  it('counts what was removed within the hour', () => {
    expect(gates(planOf(3, { recent: 2 }))).toEqual([undefined]);
    expect(gates(planOf(3, { recent: 3 }))).toEqual(['removalGuard']);
  });

  it('allows a share of what is managed where that is more than the count', () => {
    expect(gates(planOf(6, { maxCount: 1, maxPercent: 100 }))).toEqual([undefined]);
    expect(gates(planOf(6, { maxCount: 1, maxPercent: 80 }))).toEqual(['removalGuard']);
  });

  it('lets exactly the approved set pass', () => {
    const approved = digestOf(planOf(6));
    expect(gates(planOf(6, { approved }))).toEqual([undefined]);
    expect(gates(planOf(5, { approved, maxCount: 1 }))).toEqual(['removalGuard']);
  });

  it('asks no second approval for the rest of an approved set', () => {
    const approvedIds = new Set(planOf(6).changes.map(({ id }) => id));
    expect(gates(planOf(4, { maxCount: 0, maxPercent: 0, approvedIds }))).toEqual([undefined]);
  });

  it('says in the outcome of each resource how the removals are approved', () => {
    const plan = planOf(6);
    const said = [...plan.outcomes.values()];
    expect(said.map(({ reason }) => reason)).toEqual(names.map(() => 'RemovalGuard'));
    expect(said[0]?.message).toContain(`dialops.dev/approve-removals: ${digestOf(plan)}`);
  });

  it('takes the deactivation of somebody whose YAML is gone for a removal', () => {
    const person = deleting(profile('amy', { deletionPolicy: 'Deactivate' }));
    const plan = planned([person], {
      observed: observedAccount({ user: [userBody('amy', { basicInfo: { status: 'ACTIVE' } })] }),
      memory: bound(person, 'id-amy'),
      removals: { maxCount: 0, maxPercent: 0 },
    });
    expect(plan.changes.map(({ action, gate }) => [action, gate?.kind])).toEqual([
      ['Update', 'removalGuard'],
    ]);
  });

  it('takes what is taken out of an object for a removal, though nothing is lost with it for good', () => {
    const mac = (index: number) => `0a1b2c3d4e${index}0`;
    const people = names.map((name) => profile(name));
    // Each has the phone that the YAML now gives to the next one.
    const lines = names.map((name, index) =>
      extension(name, `100${index}`, {
        devices: [{ macAddress: mac((index + 1) % names.length), model: 'T46' }],
      }),
    );
    const users = names.map((name, index) => {
      const devices = [{ macAddress: mac(index), model: 'T46' }];
      const line = { id: `ext-${name}`, extensionNumber: `100${index}`, extensionType: 'UC', devices };
      return userBody(name, { serviceInfo: { extensions: [line] } });
    });
    const handOver = (removals: NonNullable<World['removals']>) =>
      planned([...people, ...lines], {
        observed: observedAccount({ user: users }, { rows: 'single' }),
        memory: memories(
          ...people.map((person) => bound(person, `id-${person.metadata.name}`)),
          ...lines.map((line) => bound(line, `ext-${line.metadata.name}`)),
        ),
        removals,
      });
    const held = handOver({});
    expect(held.changes.map(({ fields }) => fields.map(({ field }) => field.absent))).toEqual(
      names.map(() => [true]),
    );
    expect(held.changes.map(({ risk }) => risk)).toEqual(names.map(() => 'interruptsService'));
    expect(gates(held)).toEqual(['removalGuard']);
    expect(gates(handOver({ maxCount: 6 }))).toEqual([undefined]);
  });

  it('holds back neither creates nor ordinary updates', () => {
    const [amy, ben] = [profile('amy', { jobTitle: 'Clerk' }), profile('ben')];
    const plan = planned([amy, ben], {
      observed: observedAccount({ user: [userBody('amy', { directoryInfo: { jobTitle: 'Manager' } })] }),
      memory: bound(amy, 'id-amy'),
      removals: { maxCount: 0, maxPercent: 0 },
    });
    expect(plan.changes.map(({ action }) => action)).toEqual(['Update', 'Create']);
    expect(gates(plan)).toEqual([undefined]);
  });

  describe('where an object is to lose something and to be changed besides', () => {
    const amy = profile('amy', { jobTitle: 'Director' });
    const line = deleting(extension('amy', '1001', { deletionPolicy: 'Delete' }));
    const world: World = {
      observed: observedAccount({
        user: [
          userBody('amy', {
            directoryInfo: { jobTitle: 'Manager' },
            serviceInfo: { extensions: [{ id: 'ext-1', extensionNumber: '1001', extensionType: 'UC' }] },
          }),
        ],
      }),
      memory: memories(bound(amy, 'id-amy'), bound(line, 'ext-1')),
    };
    const parts = (removals: World['removals']) =>
      planned([amy, line], {
        ...world,
        removals: { maxCount: 0, maxPercent: 0, ...removals },
      });
    const shown = (plan: Plan) =>
      plan.changes.map(({ fields, gate, resources }) => [
        fields.map(({ path }) => formatPath(path)).join(),
        gate?.kind,
        resources.map(({ kind }) => kind).join(),
      ]);

    it('holds back the loss alone', () => {
      const plan = parts({});
      expect(shown(plan)).toEqual([
        ['directoryInfo.jobTitle', undefined, 'UserProfile'],
        ['serviceInfo.extensions[id=ext-1]', 'removalGuard', 'Extension'],
      ]);
      expect(outcomeOf(plan, amy)?.reason).toBe('Updating');
      expect(outcomeOf(plan, line)?.reason).toBe('RemovalGuard');
    });

    it('asks for approval of the same set once the rest is written', () => {
      const written = observedAccount({
        user: [
          userBody('amy', {
            directoryInfo: { jobTitle: 'Director' },
            serviceInfo: { extensions: [{ id: 'ext-1', extensionNumber: '1001', extensionType: 'UC' }] },
          }),
        ],
      });
      const after = planned([amy, line], {
        ...world,
        observed: written,
        removals: { maxCount: 0, maxPercent: 0 },
      });
      expect(digestOf(after)).toBe(digestOf(parts({})));
    });

    it('writes both at once where the loss is approved or few are', () => {
      const both = [
        ['directoryInfo.jobTitle,serviceInfo.extensions[id=ext-1]', undefined, 'UserProfile,Extension'],
      ];
      expect(shown(parts({ approved: digestOf(parts({})) }))).toEqual(both);
      const approvedIds = new Set(parts({}).changes.map(({ id }) => id));
      expect(shown(parts({ approvedIds }))).toEqual(both);
      expect(shown(parts({ maxCount: 1 }))).toEqual(both);
    });
  });

  it('counts no removal that a pause holds back anyhow', () => {
    const observed = observedAccount({ user: names.map((name) => userBody(name)) });
    const memory = memories(...leaving.map((person) => bound(person, `id-${person.metadata.name}`)));
    const plan = planned(leaving, { observed, memory, policy: { paused: true } });
    expect(gates(plan)).toEqual(['paused']);
  });

  it('lets everything else go on while it holds removals back', () => {
    const observed = observedAccount({ user: names.map((name) => userBody(name)) });
    const memory = memories(...leaving.map((person) => bound(person, `id-${person.metadata.name}`)));
    const plan = planned([...leaving, profile('zoe')], { observed, memory });
    const said = plan.changes.map(({ action, gate }) => `${action} ${gate?.kind ?? 'goes on'}`);
    expect(said.toSorted()).toEqual(['Create goes on', ...names.map(() => 'Delete removalGuard')]);
  });

  it('holds back making anew what was there and is gone, of many at once', () => {
    const people = names.map((name) => profile(name));
    const world: World = {
      observed: observedAccount({ user: [] }, { gone: names.map((name) => `user/id-${name}`) }),
      memory: memories(
        ...people.map((person) =>
          remembers(person, { externalId: `id-${person.metadata.name}`, handled: { created: 'true' } }),
        ),
      ),
    };
    const [all, few] = [planned(people, world), planned(people.slice(0, 2), world)];
    expect(all.changes.map(({ action }) => action)).toEqual(names.map(() => 'Create'));
    expect([gates(all), gates(few)]).toEqual([['removalGuard'], [undefined]]);
  });

  it('takes a value whose loss is for good for a removal, and not one that was not there', () => {
    const people = names.map((name) => profile(name));
    const lines = names.map((name, index) => extension(name, `100${index}`, { phoneNumbers: [] }));
    const clearing = (numbers: readonly { phoneNumber: string }[]) => {
      const users = names.map((name, index) => {
        const line = { id: `ext-${name}`, extensionNumber: `100${index}`, extensionType: 'UC' };
        return userBody(name, { serviceInfo: { extensions: [{ ...line, phoneNumbers: [...numbers] }] } });
      });
      return planned([...people, ...lines], {
        observed: observedAccount({ user: users }, { rows: 'single' }),
        memory: memories(
          ...people.map((person) => bound(person, `id-${person.metadata.name}`)),
          ...lines.map((line) => bound(line, `ext-${line.metadata.name}`)),
        ),
      });
    };
    expect(gates(clearing([{ phoneNumber: '+14085550123' }]))).toEqual(['removalGuard']);
    expect(clearing([]).changes).toEqual([]);
  });

  it('asks for another approval where the same set is to be removed once more', () => {
    const spent = digestOf(planOf(6));
    expect(gates(planOf(6, { spent, approved: spent }))).toEqual(['removalGuard']);
    const another = digestOf(planOf(6, { spent }));
    expect(another).not.toBe(spent);
    expect(gates(planOf(6, { spent, approved: another }))).toEqual([undefined]);
    // That of another set is what it would have been.
    expect(digestOf(planOf(5, { spent, maxCount: 1 }))).toBe(digestOf(planOf(5, { maxCount: 1 })));
  });

  it('tells which removals it lets go, and no other changes', () => {
    const people = [...leaving, profile('zoe')];
    const world: World = {
      observed: observedAccount({ user: names.map((name) => userBody(name)) }),
      memory: memories(...leaving.map((person) => bound(person, `id-${person.metadata.name}`))),
    };
    const letGo = (removals: NonNullable<World['removals']>) => {
      const { changes } = planned(people, { ...world, removals });
      const known = removalsLetGo(changes, compiled(people, world));
      return changes.filter(({ id }) => known.has(id)).map(({ action }) => action);
    };
    expect(letGo({})).toEqual([]);
    expect(letGo({ maxCount: 6 })).toEqual(names.map(() => 'Delete'));
  });
});
