import { describe, expect, it } from 'vitest';
import { externalIdAnnotation } from '../../resources/annotations.ts';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import {
  bound,
  compiled,
  declared,
  fieldAt,
  memories,
  messageOf,
  now,
  objectOf,
  planned,
  problemsOf,
  remembers,
  type World,
} from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { deleting, extension, grant, profile } from '../testing/resources.ts';

const jane = 'user/UserProfile/acme/jane';
const users = (...names: readonly string[]) => observedAccount({ user: names.map((name) => userBody(name)) });

function problemsIn(resource: AccountResource, world?: World) {
  return problemsOf(compiled([resource], world), resource);
}

describe('the user name of a profile', () => {
  it('is its email where it declares none', () => {
    const desired = compiled([profile('jane')]);
    expect(declared(desired, jane)['basicInfo.userName']).toBe('jane@example.com');
    expect(objectOf(desired, jane)?.naturalKey).toBe('jane@example.com');
  });

  it('is the one that it declares', () => {
    const desired = compiled([profile('jane', { userName: 'jane.example' })]);
    expect(declared(desired, jane)['basicInfo.userName']).toBe('jane.example');
  });

  it('stays the login of a user that exists when the email changes', () => {
    const moved = profile('jane', { email: 'jane.new@example.com' });
    const desired = compiled([moved], { observed: users('jane'), memory: bound(moved, 'id-jane') });
    expect(declared(desired, jane)).toMatchObject({
      'basicInfo.userName': 'jane@example.com',
      'basicInfo.primaryEmail': 'jane.new@example.com',
    });
  });

  it('names where it came from when an email is no user name', () => {
    const odd = profile('jane', { email: 'jane+sales@example.com' });
    const desired = compiled([odd]);
    expect(problemsOf(desired, odd)).toEqual(['InvalidField userName']);
    expect(messageOf(desired, odd)).toContain('taken from spec.email');
    expect(objectOf(desired, jane)).toBeUndefined();
  });

  it('keeps to the limit of the PhoneSystem', () => {
    const policy = { userNameMaxLength: 10 };
    expect(problemsIn(profile('jane', { userName: 'jane012345' }), { policy })).toEqual([]);
    expect(problemsIn(profile('jane', { userName: 'jane0123456' }), { policy })).toEqual([
      'InvalidField userName',
    ]);
  });
});

describe('a value that the phone system would refuse', () => {
  const cases: readonly (readonly [string, Partial<UserProfile['spec']>])[] = [
    ['firstName', { firstName: 'J' }],
    ['firstName', { firstName: 'Jane!' }],
    ['lastName', { lastName: 'E'.repeat(31) }],
    ['email', { email: 'jane', userName: 'jane' }],
    ['department', { department: 'Sales; EMEA' }],
    ['jobTitle', { jobTitle: 'x'.repeat(255) }],
    ['userName', { userName: 'ja' }],
    ['userName', { userName: 'jane example' }],
    ['locale', { locale: 'tlh-KX' }],
  ];
  it.each(cases)('is refused with its field: %s of %j', (field, spec) => {
    expect(problemsIn(profile('jane', spec))).toEqual([`InvalidField ${field}`]);
  });

  it('leaves the other profiles alone', () => {
    const desired = compiled([profile('jane', { firstName: 'J' }), profile('omar')]);
    expect(desired.objects.map(({ handle }) => handle)).toEqual(['user/UserProfile/acme/omar']);
  });

  it('does not keep a profile from being deleted', () => {
    const leaving = deleting(profile('jane', { firstName: 'J', deletionPolicy: 'Delete' }));
    const desired = compiled([leaving], { observed: users('jane'), memory: bound(leaving, 'id-jane') });
    expect(problemsOf(desired, leaving)).toEqual([]);
    expect(objectOf(desired, jane)?.presence).toBe('absent');
  });
});

describe('an emptied field', () => {
  it('clears an optional value instead of being refused as too short', () => {
    const desired = compiled([profile('jane', { department: '', jobTitle: '' })]);
    expect(declared(desired, jane)).toMatchObject({
      'directoryInfo.department': null,
      'directoryInfo.jobTitle': null,
    });
  });

  it('is not declared at all where the YAML omits it', () => {
    expect(declared(compiled([profile('jane')]), jane)).not.toHaveProperty(['directoryInfo.department']);
  });
});

describe('two profiles of one user name', () => {
  const first = profile('a-jane', { userName: 'jane' });
  const second = profile('b-jane', { userName: 'JANE' });

  it('are in conflict without regard to case: never are both written', () => {
    const desired = compiled([second, first]);
    expect(desired.objects.length).toBeLessThan(2);
    expect(problemsOf(desired, second)).toEqual(['Conflict userName']);
    expect(messageOf(desired, second)).toContain('UserProfile a-jane');
  });

  it('leave it to the one that is bound already', () => {
    const observed = observedAccount({ user: [userBody('jane', { basicInfo: { userName: 'jane' } })] });
    const desired = compiled([first, second], { observed, memory: bound(second, 'id-jane') });
    expect(problemsOf(desired, first)).toEqual(['Conflict userName']);
    expect(problemsOf(desired, second)).toEqual([]);
  });

  it('do not clash where one is leaving that never had it', () => {
    expect(problemsOf(compiled([deleting(first), second]), second)).toEqual([]);
  });
});

describe('a user that exists already', () => {
  it('is not taken over without being told', () => {
    const desired = compiled([profile('jane')], { observed: users('jane') });
    expect(problemsOf(desired, profile('jane'))).toEqual(['Conflict userName']);
    expect(messageOf(desired, profile('jane'))).toContain('id-jane');
    expect(desired.objects).toEqual([]);
  });

  it('is adopted with IfUnclaimed', () => {
    const adopting = profile('jane', { adoptionPolicy: 'IfUnclaimed' });
    expect(objectOf(compiled([adopting], { observed: users('jane') }), jane)?.id).toBe('id-jane');
  });

  it('stays with the resource of its new name where the one of the old name goes', () => {
    const [old, renamed] = [deleting(profile('jane')), profile('zoe', { userName: 'jane@example.com' })];
    const memory = memories(bound(old, 'id-jane'), bound(renamed, 'id-jane'));
    const desired = compiled([old, renamed], { observed: users('jane'), memory });
    expect(desired.problems).toEqual([]);
    expect(desired.objects).toMatchObject([{ handle: 'user/UserProfile/acme/zoe', id: 'id-jane' }]);
  });

  it('is not adopted while another resource has it', () => {
    const adopting = profile('jane', { adoptionPolicy: 'IfUnclaimed' });
    const other = profile('other');
    const desired = compiled([adopting], { observed: users('jane'), memory: bound(other, 'id-jane') });
    expect(problemsOf(desired, adopting)).toEqual(['Conflict userName']);
    // To adopt it, as the YAML does already, is no advice.
    const message = messageOf(desired, adopting);
    expect(message).toContain('belongs to UserProfile other; give this one another spec.userName');
    expect(message).toContain('delete UserProfile other with deletionPolicy: Orphan');
    const plain = profile('jane');
    expect(
      messageOf(compiled([plain], { observed: users('jane'), memory: bound(other, 'id-jane') }), plain),
    ).toBe(message);
  });

  it('is adopted though its rights are those of a grant: a grant has no user', () => {
    const adopting = profile('jane', { adoptionPolicy: 'IfUnclaimed' });
    const memory = bound(grant('jane', {}), 'id-jane');
    expect(objectOf(compiled([adopting], { observed: users('jane'), memory }), jane)?.id).toBe('id-jane');
  });

  it('is bound by annotation, whatever its name', () => {
    const annotated = profile('jane', {}, { [externalIdAnnotation]: 'id-omar' });
    expect(objectOf(compiled([annotated], { observed: users('omar') }), jane)?.id).toBe('id-omar');
  });

  const creating = (since: number) =>
    remembers(profile('jane'), {
      pending: {
        intent: 'Create',
        objectType: 'user',
        naturalKey: 'jane@example.com',
        since: new Date(since).toISOString(),
        attempt: 1,
      },
    });
  const made = observedAccount({
    user: [userBody('jane', { basicInfo: { createdTime: new Date(now).toISOString() } })],
  });

  it('is ours after a create whose end nobody knows', () => {
    const desired = compiled([profile('jane')], { observed: made, memory: creating(now - 1000) });
    expect(objectOf(desired, jane)?.id).toBe('id-jane');
  });

  it('is not ours when it was there long before that create began', () => {
    const desired = compiled([profile('jane')], { observed: made, memory: creating(now + 3_600_000) });
    expect(problemsOf(desired, profile('jane'))).toEqual(['Conflict userName']);
    expect(messageOf(desired, profile('jane'))).toContain('the clocks of operator and phone system differ');
  });

  it('is waited for, and not created again, while the create is under way', () => {
    const desired = compiled([profile('jane')], { memory: creating(now) });
    expect(objectOf(desired, jane)?.waits.map(({ reason }) => reason)).toEqual(['Creating']);
  });
});

describe('a user of a SCIM directory', () => {
  it('keeps what the directory owns; the rest is managed', () => {
    const person = profile('jane', { jobTitle: 'Clerk', department: 'Sales', timezone: 'Europe/London' });
    const observed = observedAccount({
      user: [userBody('jane', { basicInfo: { scimProvider: 'EXAMPLE' } })],
    });
    const desired = compiled([person], { observed, memory: bound(person, 'id-jane') });
    expect(desired.leftAlone.get('UserProfile/acme/jane')).toEqual([
      'department',
      'email',
      'firstName',
      'jobTitle',
      'lastName',
      'userName',
    ]);
    expect(Object.keys(declared(desired, jane))).toEqual(['basicInfo.site.id', 'basicInfo.timezone']);
  });
});

describe('what a profile refers to', () => {
  it('leaves out a site that is not there, and names the nearest', () => {
    const lost = profile('jane', { site: { name: 'Springfeld HQ' } });
    const desired = compiled([lost]);
    expect(problemsOf(desired, lost)).toEqual(['ReferenceNotFound site']);
    expect(messageOf(desired, lost)).toContain('did you mean "Springfield HQ"?');
  });

  it('asks for an id where a name is not unique', () => {
    const member = profile('jane', { userGroup: { name: 'Sales' } });
    const userGroup = [
      { id: 'g1', name: 'Sales' },
      { id: 'g2', name: 'sales' },
    ];
    const desired = compiled([member], { observed: observedAccount({ user: [], userGroup }) });
    expect(problemsOf(desired, member)).toEqual(['AmbiguousReference userGroup']);
    expect(messageOf(desired, member)).toContain('g1, g2');
  });

  it('names a group by id where groups are listed, and by name where they are not', () => {
    const member = profile('jane', { userGroup: { name: 'Sales' } });
    const path = 'assignmentInfo.userGroups';
    const listed = observedAccount({ user: [], userGroup: [{ id: 'g1', name: 'Sales' }] });
    expect(declared(compiled([member], { observed: listed }), jane)[path]).toEqual([{ id: 'g1' }]);
    expect(declared(compiled([member]), jane)[path]).toEqual([{ name: 'Sales' }]);
  });

  it('has a personal address left out where the endpoint has no API for it', () => {
    const home = profile('jane', { address: { id: 'address-1' } });
    expect(problemsIn(home)).toEqual(['Unsupported address']);
  });
});

describe('a DID licence', () => {
  const seats = [
    { id: 'seat-1', name: 'X4', country: 'US' },
    { id: 'did-1', name: 'DID-US', country: 'US' },
  ];
  const observed = observedAccount({ user: [userBody('jane', { serviceInfo: { licenses: seats } })] });
  const world = { observed, memory: bound(profile('jane'), 'id-jane') };

  it('is no drift where it came by itself', () => {
    expect(planned([profile('jane', { licenses: [{ name: 'X4' }] })], world).changes).toEqual([]);
  });

  it.each([
    ['by name', 'DID-US', { name: 'DID-US' }],
    ['by id', 'did-1', { id: 'did-1' }],
  ])('is not declared, not even %s', (_how, called, license) => {
    const wanting = profile('jane', { licenses: [{ name: 'X4' }, license] });
    const desired = compiled([wanting], world);
    expect(problemsOf(desired, wanting)).toEqual([`InvalidField licenses[${called}]`]);
    expect(problemsOf(compiled([wanting], world), wanting), 'in the next round').toHaveLength(1);
    expect(Object.keys(declared(desired, jane)).filter((path) => path.includes('licenses'))).toEqual([
      'serviceInfo.licenses[name=X4].name',
    ]);
  });
});

describe('a profile whose YAML is gone', () => {
  const leave = (spec: Partial<UserProfile['spec']>, world: World = {}, ...others: AccountResource[]) => {
    const leaving = deleting(profile('jane', spec));
    return compiled([leaving, ...others], {
      observed: users('jane'),
      memory: bound(leaving, 'id-jane'),
      ...world,
    });
  };

  it('is deactivated by default, and nothing else of it is touched', () => {
    const desired = leave({ jobTitle: 'Clerk' });
    expect(declared(desired, jane)).toEqual({ 'basicInfo.status': 'INACTIVE' });
    expect(fieldAt(desired, jane, 'basicInfo.status')?.risk).toBe('interruptsService');
  });

  it('is deleted or left as it is when its policy says so', () => {
    expect(objectOf(leave({ deletionPolicy: 'Delete' }), jane)?.presence).toBe('absent');
    expect(leave({ deletionPolicy: 'Orphan' }).objects).toEqual([]);
  });

  it('follows the PhoneSystem where it has no policy of its own', () => {
    const policy = { deletionPolicy: 'Orphan' } as const;
    expect(leave({}, { policy }).objects).toEqual([]);
    expect(objectOf(leave({ deletionPolicy: 'Delete' }, { policy }), jane)?.presence).toBe('absent');
  });

  it('stays while an extension refers to it', () => {
    const line = extension('jane', '1001');
    const desired = leave({ deletionPolicy: 'Delete' }, {}, line);
    expect(problemsOf(desired, deleting(profile('jane')))).toEqual(['InUse']);
    expect(messageOf(desired, profile('jane'))).toContain('Extension jane');
    expect(desired.objects).toEqual([]);
  });

  it('goes together with an extension that is going too', () => {
    const line = deleting(extension('jane', '1001'));
    const desired = leave({ deletionPolicy: 'Delete' }, {}, line);
    expect(problemsOf(desired, profile('jane'))).toEqual([]);
    expect(objectOf(desired, jane)?.presence).toBe('absent');
  });

  it('deletes nobody whom it never was', () => {
    expect(leave({ deletionPolicy: 'Delete' }, { memory: new Map() }).objects).toEqual([]);
  });
});
