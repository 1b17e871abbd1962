import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/account/compile/input.ts';
import { observedAccount } from '../../src/account/testing/observed.ts';
import { grant } from '../../src/account/testing/resources.ts';
import { privilegeGrantStatus } from '../../src/operator/status/privilege-grant-status.ts';
import { Flow } from './support/account.ts';
import { company, pbxName, profile } from './support/resources.ts';

const billing = { name: 'Billing', privileges: ['ViewBills', 'UpdateCards'] };
const users = { name: 'Users', privileges: ['View'] };

describe.each([
  ['complete', false],
  ['sparse', true],
])('access that its YAML no longer gives, with %s list rows', (_name, sparseRows) => {
  const both = grant('jane', { pbxes: [pbxName], sections: [billing, users] });
  const start = async () => {
    const run = new Flow({ resources: [profile('jane'), both], company, sandbox: { sparseRows } });
    await run.apply();
    const id = run.externalId(both);
    const names = async () => {
      const scopes = (await run.object('administrator', id))?.scopes;
      return JSON.stringify(scopes ?? []).match(/View\w*|UpdateCards/g) ?? [];
    };
    expect(await names()).toEqual(['UpdateCards', 'ViewBills', 'View']);
    return { run, names };
  };

  it('is revoked when a section is taken out, and again nothing is left to do', async () => {
    const { run, names } = await start();
    await run.apply([profile('jane'), grant('jane', { pbxes: [pbxName], sections: [users] })]);
    expect(await names()).toEqual(['View']);
    expect(run.reasons()['PrivilegeGrant/acme/jane']).toBe('Synced');
    const writes = run.writes();
    await run.resync();
    expect(run.writes()).toBe(writes);
  });

  it('is revoked when the cap is lowered, while the rest stays given', async () => {
    const { run, names } = await start();
    run.policy = {
      ...defaultPolicy,
      privilegeCap: { sections: [{ name: 'Billing', privileges: ['ViewBills'] }] },
    };
    await run.apply();
    expect(await names()).toEqual(['ViewBills']);
    expect(run.reasons()['PrivilegeGrant/acme/jane']).toMatch(/^PrivilegeCapExceeded/);
    const outcome = run.plan?.outcomes.get('PrivilegeGrant/acme/jane');
    if (!outcome || !run.desired) throw new Error('nothing was planned');
    const status = privilegeGrantStatus(both, {
      resource: both,
      outcome,
      desired: run.desired,
      observed: observedAccount({}),
      now: new Date(run.clock.now()).toISOString(),
    });
    expect(status.granted).toEqual({ pbxes: [pbxName], sections: ['Billing'], count: 1 });
    const writes = run.writes();
    await run.resync();
    expect(run.writes()).toBe(writes);
  });

  it('is revoked though the grant has a mistake by now, of which nothing else is made', async () => {
    const { run, names } = await start();
    const typo = { name: 'Usrs', privileges: ['View'] };
    await run.apply([profile('jane'), grant('jane', { pbxes: [pbxName], sections: [typo] })]);
    expect(await names()).toEqual(['View']);
    expect(run.reasons()['PrivilegeGrant/acme/jane']).toMatch(/^InvalidField: .*did you mean "Users"/);
    const copy = grant('jane', { pbxes: ['*'], copyFrom: { privilegeGrantRef: { name: 'nobody' } } });
    await run.apply([profile('jane'), copy]);
    expect(await names()).toEqual([]);
    expect(run.reasons()['PrivilegeGrant/acme/jane']).toMatch(/^ReferenceNotFound/);
    const writes = run.writes();
    await run.resync();
    expect(run.writes()).toBe(writes);
  });
});

it.each([
  ['complete', false],
  ['sparse', true],
])(
  'ends for good though two people copied each other meanwhile, with %s list rows',
  async (_rows, sparseRows) => {
    const run = new Flow({ resources: [], company, sandbox: { sparseRows } });
    const copying = (person: string, from: string) => {
      const copy = grant(person, { copyFrom: { administrator: { userName: `${from}@example.com` } } });
      return { ...copy, metadata: { ...copy.metadata, name: `${person}-copies` } };
    };
    const temporary = grant('jane', {
      pbxes: [pbxName],
      sections: [billing],
      expiresAt: new Date(run.clock.now() + 3_600_000).toISOString(),
    });
    const people = [profile('jane'), profile('joan'), temporary];
    await run.apply(people);
    await run.apply([...people, copying('jane', 'joan'), copying('joan', 'jane')]);
    await run.clock.sleep(3_700_000);
    await run.apply();
    expect(run.reasons()['PrivilegeGrant/acme/joan-copies']).toMatch(/^ReferenceCycle/);
    for (const person of ['jane', 'joan']) {
      const scopes = (await run.object('administrator', run.externalId(profile(person))))?.scopes;
      expect(scopes ?? []).toEqual([]);
    }
  },
);
