import { expect, test } from 'vitest';
import type { JsonObject } from '../../../foundation/json.ts';
import { codes, Driver, fields, objects } from '../testing/driver.ts';
import { normaliseScopes } from './scopes.ts';
import { privilegeTree } from './tree.ts';

const primary = (driver: Driver) => driver.company.users.find((user) => user.primaryAdministrator)?.id;
const someone = (driver: Driver) => driver.company.users.find((user) => !user.primaryAdministrator)?.id;

test('the tree names sections and privileges once, each with something to view', async () => {
  const driver = new Driver();
  const sections = objects((await driver.get('/privilege-tree')).body.sections);
  expect(sections).toEqual(privilegeTree);
  expect(new Set(sections.map((section) => section.name)).size).toBe(sections.length);
  for (const section of privilegeTree) expect(section.privileges[0]?.access).toBe('VIEW');
});

test('at first only the primary administrator is one, and is untouchable', async () => {
  const driver = new Driver();
  const rows = await driver.rows('/administrators');
  expect(rows).toMatchObject([{ userId: primary(driver), primary: true, supportPassphrase: 'SET' }]);
  const path = `/administrators/${primary(driver)}`;
  for (const answer of [
    await driver.request('PUT', path, { scopes: [] }),
    await driver.request('DELETE', path),
  ]) {
    expect([answer.status, ...codes(answer)]).toEqual([403, 'FORBIDDEN']);
  }
});

test('a PUT makes an administrator, replaces the scopes and shows them normalised', async () => {
  const driver = new Driver();
  const path = `/administrators/${someone(driver)}`;
  expect((await driver.get(path)).status).toBe(404);
  const scopes = [
    { pbxName: '*', sections: [{ name: 'Users', privileges: ['View', 'Manage', 'View'] }] },
    {
      pbxName: '*',
      sections: [
        { name: 'Billing', privileges: ['ViewBills'] },
        { name: 'Audit', privileges: [] },
      ],
    },
    { pbxName: driver.company.pbxes[0]?.name ?? '', sections: [] },
  ];
  expect(await driver.write('PUT', path, { scopes })).toMatchObject({
    operationType: 'CREATE',
    resourceType: 'ADMINISTRATOR',
  });
  expect((await driver.get(path)).body).toMatchObject({
    primary: false,
    supportPassphrase: 'NOT_SET',
    scopes: [
      {
        pbxName: '*',
        sections: [
          { name: 'Billing', privileges: ['ViewBills'] },
          { name: 'Users', privileges: ['Manage', 'View'] },
        ],
      },
    ],
  });
  await driver.control('POST', `${path}/support-passphrase`, { set: true });
  expect((await driver.get(path)).body.supportPassphrase).toBe('SET');
  await driver.written('DELETE', path);
  expect((await driver.get(path)).status).toBe(404);
  expect((await driver.audit('administrator')).map((record) => record.eventType)).toEqual([
    'delete',
    'update',
    'create',
  ]);
});

test('an unknown section, privilege or PBX is named, an unknown user is not found', async () => {
  const driver = new Driver();
  const scopes: JsonObject[] = [
    {
      pbxName: 'elsewhere',
      sections: [
        { name: 'Biling', privileges: ['ViewBills'] },
        { name: 'Users', privileges: ['View', 'ViewBills'] },
      ],
    },
  ];
  const answer = await driver.request('PUT', `/administrators/${someone(driver)}`, { scopes });
  expect(fields(answer)).toEqual([
    'scopes[0].pbxName',
    'scopes[0].sections[0].name',
    'scopes[0].sections[1].privileges[1]',
  ]);
  expect((await driver.request('PUT', '/administrators/nobody', { scopes: [] })).status).toBe(404);
});

test('an administrator ceases with the user', async () => {
  const driver = new Driver();
  const userId = someone(driver);
  await driver.written('PUT', `/administrators/${userId}`, {
    scopes: [{ pbxName: '*', sections: [{ name: 'Audit', privileges: ['View'] }] }],
  });
  expect((await driver.rows('/administrators')).length).toBe(2);
  await driver.written('DELETE', `/users/${userId}`);
  expect((await driver.rows('/administrators')).length).toBe(1);
});

test('normal form does not depend on the order of what is given', () => {
  const a = { pbxName: 'a', sections: [{ name: 'Users', privileges: ['View', 'Manage'] }] };
  const b = { pbxName: '*', sections: [{ name: 'Audit', privileges: ['View'] }] };
  expect(normaliseScopes([a, b])).toEqual(normaliseScopes([b, a, a]));
});
