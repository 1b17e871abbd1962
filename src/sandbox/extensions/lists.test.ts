import { expect, test } from 'vitest';
import { Driver } from './testing/driver.ts';

test('each seat is a row that names who has it', async () => {
  const driver = new Driver();
  const rows = await driver.rows('/licenses');
  expect(rows.length).toBe(driver.company.licenses.length);
  const user = driver.company.users[0];
  expect(await driver.rows(`/licenses?filter=assignedUserId==${user?.id}`)).toMatchObject([
    { id: user?.licenses[0], assignedUserId: user?.id, assignedExtensionId: null },
  ]);
});

test('user groups and profile policies are listed by name', async () => {
  const driver = new Driver();
  const groups = await driver.rows('/user-groups?sort=name');
  expect(groups.map((group) => group.name)).toEqual(
    driver.company.userGroups.map((group) => group.name).sort(),
  );
  const name = driver.company.profilePolicies[0]?.name;
  expect(await driver.rows(`/profile-policies?filter=name=='${name}'`)).toEqual([
    driver.company.profilePolicies[0],
  ]);
});
