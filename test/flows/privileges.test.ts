import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/account/compile/input.ts';
import { observedAccount } from '../../src/account/testing/observed.ts';
import { privilegeGrantStatus } from '../../src/operator/status/privilege-grant-status.ts';
import { Flow } from './support/account.ts';
import { company, grant, pbxName, profile } from './support/resources.ts';

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
      return JSON.stringify(scopes).match(/View\w*|UpdateCards/g) ?? [];
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
});
