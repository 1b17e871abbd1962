import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { emptyCompany } from './empty-company.ts';
import { at, SandboxFixture } from './sandbox-fixture.ts';

const inventory = JSON.parse(await readFile('examples/acme/account.json', 'utf8'));

describe('an empty company', () => {
  it('has the inventory of the example account and its primary administrator', async () => {
    const fixture = new SandboxFixture({ company: emptyCompany(inventory, 1) });
    const users = await fixture.list('/users');
    expect(users).toHaveLength(1);
    expect(at(users[0], 'basicInfo', 'userName')).toBe(inventory.primaryAdministrator.userName);
    const sites = await fixture.list('/sites');
    expect(sites.map((site) => site.name)).toEqual(
      inventory.sites.map((site: { name: string }) => site.name),
    );
    const numbers = await fixture.list('/phone-numbers');
    expect(numbers).toHaveLength(inventory.phoneNumbers.length);
    expect(new Set(numbers.map((number) => number.status))).toEqual(new Set(['AVAILABLE']));
  });

  it('names every field of an inventory that cannot be used', () => {
    expect(() => emptyCompany({ sites: [{ name: 'A', address: {} }] }, 1)).toThrow(
      /sites\[0\]\.address\.country: .*sites\[0\]\.pbxName: .*primaryAdministrator/,
    );
  });
});
