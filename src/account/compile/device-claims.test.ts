import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { Extension } from '../../resources/generated/extension.ts';
import { bound, compiled, declared, memories, messageOf, problemsOf, type World } from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { extension, profile } from '../testing/resources.ts';

const mac = '0a1b2c3d4e5f';
const people = [profile('jane'), profile('omar')];
const janes = (spec: Partial<Extension['spec']> = {}) => extension('jane', '1001', spec);
const omars = (spec: Partial<Extension['spec']> = {}) => extension('omar', '1002', spec);
const phone = { devices: [{ macAddress: '0A-1B-2C-3D-4E-5F', model: 'T46' }] };

function user(name: string, id: string, number: string, devices: readonly JsonObject[]): JsonObject {
  return userBody(name, {
    serviceInfo: { extensions: [{ id, extensionNumber: number, extensionType: 'UC', devices }] },
  });
}

function world(on: 'jane' | 'omar' | 'nobody', ...manage: readonly Extension[]): World {
  const held = [{ macAddress: '0A:1B:2C:3D:4E:5F', model: 'T46' }];
  const user1 = user('jane', 'ext-jane', '1001', on === 'jane' ? held : []);
  const user2 = user('omar', 'ext-omar', '1002', on === 'omar' ? held : []);
  const memory = memories(
    ...people.map((person) => bound(person, `id-${person.metadata.name}`)),
    ...manage.map((one) => bound(one, `ext-${one.metadata.name}`)),
  );
  return { observed: observedAccount({ user: [user1, user2] }, { rows: 'single' }), memory };
}

const at = (name: string, rest = '') =>
  `serviceInfo.extensions[id=ext-${name}].devices[macAddress=${mac}]${rest}`;
const jane = 'user/UserProfile/acme/jane';
const omar = 'user/UserProfile/acme/omar';

describe('a device', () => {
  it('is declared by its address, however that is punctuated', () => {
    const desired = compiled([...people, janes(phone)], world('jane', janes()));
    expect(declared(desired, jane)).toMatchObject({
      [at('jane', '.macAddress')]: mac,
      [at('jane', '.model')]: 'T46',
    });
  });

  it('is nobody’s where two declare it and neither has it', () => {
    const both = [janes(phone), omars(phone)] as const;
    const desired = compiled([...people, ...both], world('nobody', ...both));
    expect(both.map((one) => problemsOf(desired, one))).toEqual([
      [`Conflict devices[${mac}]`],
      [`Conflict devices[${mac}]`],
    ]);
    expect(declared(desired, jane)).not.toHaveProperty([at('jane', '.macAddress')]);
  });

  it('stays with the extension that has it', () => {
    const both = [janes(phone), omars(phone)] as const;
    const desired = compiled([...people, ...both], world('omar', ...both));
    expect(problemsOf(desired, omars())).toEqual([]);
    expect(problemsOf(desired, janes())).toEqual([`Conflict devices[${mac}]`]);
  });

  it('is handed over in two steps: first dropped, then added', () => {
    const first = compiled([...people, janes(), omars(phone)], world('jane', janes(), omars()));
    expect(declared(first, jane)).toMatchObject({ [at('jane')]: 'absent' });
    expect(problemsOf(first, omars())).toEqual([`WaitingForDependency devices[${mac}]`]);
    const second = compiled([...people, janes(), omars(phone)], world('nobody', janes(), omars()));
    expect(declared(second, omar)).toMatchObject({ [at('omar', '.macAddress')]: mac });
    expect(second.problems).toEqual([]);
  });

  it('is not dropped for an extension that can not have it', () => {
    const lost = omars({ ...phone, userProfileRef: { name: 'nobody' } });
    const desired = compiled([...people, janes(), lost], world('jane', janes(), omars()));
    expect(declared(desired, jane)).not.toHaveProperty([at('jane')]);
  });

  it('is not taken from an extension that no YAML declares', () => {
    const desired = compiled([...people, omars(phone)], world('jane', omars()));
    expect(problemsOf(desired, omars())).toEqual([`Conflict devices[${mac}]`]);
    expect(messageOf(desired, omars())).toContain('ext-jane');
    expect(declared(desired, jane)).not.toHaveProperty([at('jane')]);
  });
});
