import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { PrivilegeGrant } from '../../resources/generated/privilege-grant.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { digest } from '../digest.ts';
import {
  bound,
  compiled,
  declared,
  fieldAt,
  memories,
  messageOf,
  now,
  problemsOf,
  remembers,
  type World,
} from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { grant, profile } from '../testing/resources.ts';

const handle = 'administrator/UserProfile/acme/jane';
const usersPath = 'scopes[pbxName=*].sections[name=users].privileges';
const users = (...privileges: string[]) => [{ name: 'users', privileges }];
const administrator = (userId: string, more: JsonObject = {}): JsonObject => ({
  userId,
  primary: false,
  scopes: [{ pbxName: '*', sections: users('VIEW') }],
  ...more,
});
const jane = profile('jane');
const past = new Date(now - 1).toISOString();

function named(name: string, spec: Partial<PrivilegeGrant['spec']>): PrivilegeGrant {
  return { ...grant('jane', spec), metadata: { name, namespace: 'acme' } };
}

function granted(
  grants: readonly AccountResource[],
  administrators: readonly JsonObject[] = [],
  more: World = {},
) {
  const observed = observedAccount(
    { user: [userBody('jane'), userBody('omar')], administrator: administrators },
    {
      privilegeTree: [
        {
          name: 'users',
          title: 'Users',
          privileges: [
            { name: 'VIEW', title: 'View', access: 'VIEW' },
            { name: 'EDIT', title: 'Edit', access: 'CHANGE' },
          ],
        },
      ],
    },
  );
  return compiled([jane, ...grants], { observed, memory: bound(jane, 'id-jane'), ...more });
}

describe('grants of one person', () => {
  it('add up to one value, owned by all of them', () => {
    const desired = granted([
      named('a', { sections: users('VIEW') }),
      named('b', { sections: users('EDIT') }),
    ]);
    expect(declared(desired, handle)).toEqual({ [usersPath]: ['EDIT', 'VIEW'] });
    expect(fieldAt(desired, handle, usersPath)?.owners.map(({ resource }) => resource.name)).toEqual([
      'a',
      'b',
    ]);
  });

  it('give nothing from the moment that they expire', () => {
    const desired = granted([
      named('a', { sections: users('VIEW') }),
      named('b', { sections: users('EDIT'), expiresAt: new Date(now).toISOString() }),
    ]);
    expect(declared(desired, handle)).toEqual({ [usersPath]: ['VIEW'] });
  });

  it('take away what only an expired one gave', () => {
    const ended = named('a', { sections: users('VIEW'), expiresAt: past });
    const gave = remembers(ended, { applied: { 'sections[users@*]': digest(['VIEW']) } });
    const memory = memories(bound(jane, 'id-jane'), gave);
    const desired = granted([ended], [administrator('id-jane')], { memory });
    expect(declared(desired, handle)).toEqual({ [usersPath]: [] });
  });

  it('make no administrator of somebody who never was one and is given nothing', () => {
    expect(declared(granted([named('a', { sections: users('VIEW'), expiresAt: past })]), handle)).toEqual({});
  });
});

describe('a grant that copies', () => {
  const copy = (name: string, from: string) =>
    named(name, { copyFrom: { privilegeGrantRef: { name: from } } });

  it('gives what the other grant gives', () => {
    const desired = granted([named('a', { sections: users('VIEW') }), copy('b', 'a')]);
    expect(fieldAt(desired, handle, usersPath)?.owners.map(({ resource }) => resource.name)).toEqual([
      'a',
      'b',
    ]);
  });

  it('is refused in a circle', () => {
    const [a, b] = [copy('a', 'b'), copy('b', 'a')];
    const desired = granted([a, b]);
    expect(problemsOf(desired, a)).toContain('ReferenceCycle copyFrom.privilegeGrantRef');
    expect(problemsOf(desired, b)).toContain('ReferenceCycle copyFrom.privilegeGrantRef');
  });

  it('is refused when its source has expired', () => {
    const desired = granted([named('a', { sections: users('VIEW'), expiresAt: past }), copy('b', 'a')]);
    expect(problemsOf(desired, copy('b', 'a'))).toEqual(['SourceExpired copyFrom.privilegeGrantRef']);
  });

  it('is refused when there is no source', () => {
    expect(problemsOf(granted([copy('b', 'a')]), copy('b', 'a'))).toEqual([
      'ReferenceNotFound copyFrom.privilegeGrantRef',
    ]);
  });

  const like = (userName: string) => named('a', { copyFrom: { administrator: { userName } } });

  it('gives what an administrator has', () => {
    const desired = granted([like('omar@example.com')], [administrator('id-omar')]);
    expect(declared(desired, handle)).toEqual({ [usersPath]: ['VIEW'] });
  });

  it('names nobody else where there is no such administrator', () => {
    const desired = granted([like('omer@example.com')], [administrator('id-omar')]);
    expect(problemsOf(desired, like(''))).toEqual(['ReferenceNotFound copyFrom.administrator']);
    expect(messageOf(desired, like(''))).not.toContain('omar@');
  });
});

describe('a grant is refused', () => {
  const a = (spec: Partial<PrivilegeGrant['spec']>) => named('a', spec);

  it('with the nearest name where the account has no such section or privilege', () => {
    const section = a({ sections: [{ name: 'user', privileges: ['VIEW'] }] });
    const privilege = a({ sections: users('VIEWS') });
    expect(problemsOf(granted([section]), section)).toEqual(['InvalidField sections']);
    expect(messageOf(granted([section]), section)).toContain('did you mean "users"?');
    expect(messageOf(granted([privilege]), privilege)).toContain('did you mean "VIEW"?');
  });

  it('where it goes beyond the cap of the PhoneSystem', () => {
    const edit = a({ sections: users('EDIT') });
    const capped = (privilegeCap: NonNullable<World['policy']>['privilegeCap']) =>
      problemsOf(granted([edit], [], { policy: privilegeCap ? { privilegeCap } : {} }), edit);
    expect(capped({ sections: users('VIEW') })).toEqual(['PrivilegeCapExceeded sections']);
    expect(capped({ sections: users('*') })).toEqual([]);
    expect(capped({ pbxes: ['acme01'] })).toEqual(['PrivilegeCapExceeded pbxes']);
  });

  it('for the primary administrator, whom no grant changes', () => {
    const some = a({ sections: users('EDIT') });
    const desired = granted([some], [administrator('id-jane', { primary: true })]);
    expect(problemsOf(desired, some)).toEqual(['PrimaryAdministrator']);
    expect(declared(desired, handle)).toEqual({});
  });

  it('for a profile that is not there', () => {
    const lost = a({ userProfileRef: { name: 'nobody' }, sections: users('VIEW') });
    expect(problemsOf(granted([lost]), lost)).toEqual(['ReferenceNotFound userProfileRef']);
  });
});

describe('rights that somebody gave by hand', () => {
  const consentOf = (spec: Partial<PrivilegeGrant['spec']>) =>
    fieldAt(
      granted([named('a', { sections: users('EDIT'), ...spec })], [administrator('id-jane')]),
      handle,
      usersPath,
    )?.consent;

  it('are taken over with consent only', () => {
    expect(consentOf({})).toEqual({ change: 'TakeOverPrivileges', to: 'users@*' });
  });

  it('are taken over by a grant that adopts', () => {
    expect(consentOf({ adoptionPolicy: 'IfUnclaimed' })).toBeUndefined();
  });
});
