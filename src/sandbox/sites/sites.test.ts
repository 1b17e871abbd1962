import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import { seedCompany } from '../company.ts';
import { at, changed, SandboxFixture } from '../sandbox-fixture.ts';

const company = seedCompany({ users: 4, seed: 7, sites: 2, addresses: 3, ringGroups: 0 });
const spareAddress = company.addresses[2]?.id ?? '';

const branch: JsonObject = {
  name: 'Branch',
  pbxName: 'examplepbx01',
  locale: 'en-US',
  timezone: 'America/Denver',
  siteCode: '77',
  address: { id: spareAddress },
};

function setUp(): SandboxFixture {
  return new SandboxFixture({ company });
}

describe('a site', () => {
  it('is created with a dial plan from its country, changed and deleted', async () => {
    const fixture = setUp();
    const path = `/sites/${String((await fixture.write('POST', '/sites', branch)).resourceId)}`;
    const site = await fixture.get(path);
    expect(site).toMatchObject({ ...branch, extensionLength: 4, defaultDialPlanCallingCountry: 'NANP' });
    const updated = await fixture.write('PUT', path, changed(site, { name: 'Branch Two' }));
    expect(updated).toMatchObject({ status: 'COMPLETED', resourceType: 'SITE', operationType: 'UPDATE' });
    expect((await fixture.get(path)).name).toBe('Branch Two');
    expect(await fixture.write('DELETE', path)).toMatchObject({ status: 'COMPLETED' });
    expect((await fixture.send('DELETE', path)).status).toBe(404);
  });

  it('is refused with an unknown address or PBX, or another PBX than it has', async () => {
    const fixture = setUp();
    const field = async (changes: JsonObject) =>
      (await fixture.refused('POST', '/sites', changed(branch, changes))).error.field;
    expect(await field({ address: { id: 'none' } })).toBe('address.id');
    expect(await field({ pbxName: 'none' })).toBe('pbxName');
    const moved = changed(branch, { pbxName: 'examplepbx02' });
    expect((await fixture.refused('PUT', `/sites/${company.sites[0]?.id}`, moved)).error.field).toBe(
      'pbxName',
    );
  });

  it('fails with CONFLICT on a taken site code', async () => {
    const operation = await setUp().write('POST', '/sites', changed(branch, { siteCode: '20' }));
    expect(operation).toMatchObject({
      status: 'FAILED',
      error: { errors: [{ code: 'CONFLICT', field: 'siteCode' }] },
    });
  });

  it('cannot be deleted while it is used, and a malformed id is told apart from an unknown one', async () => {
    const fixture = setUp();
    const refused = await fixture.refused('DELETE', `/sites/${company.sites[0]?.id}`);
    expect(refused).toMatchObject({ status: 400, error: { code: 'BAD_REQUEST' } });
    expect(refused.error.message).toContain('Branch with id');
    expect((await fixture.send('GET', '/sites/a.b')).status).toBe(400);
    expect((await fixture.send('GET', '/sites/unknown')).status).toBe(404);
  });
});

describe('an address', () => {
  const street = {
    streetNumber: '7',
    streetName: 'W 34th St',
    city: 'New York',
    state: 'ny',
    postal: '10001-2032',
  };

  it('comes back normalised, and again with the same id when posted again', async () => {
    const fixture = setUp();
    const address = await fixture.read('POST', '/addresses', { ...street, country: 'us' });
    expect(address).toMatchObject({
      preDirectional: 'W',
      streetName: '34TH ST',
      state: 'NY',
      postal: '10001',
      zip4: '2032',
      country: 'US',
      displayForm: '7 W 34TH ST, New York NY, 10001',
      origin: 'ADMIN_API',
    });
    expect(address.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    const same = await fixture.read('POST', '/addresses', {
      country: 'US',
      ...street,
      streetName: 'w  34TH st',
    });
    expect(same.id).toBe(address.id);
  });

  it('shows its usage on GET one alone, and is deleted only without', async () => {
    const fixture = setUp();
    const used = company.addresses[0]?.id;
    expect((await fixture.get(`/addresses/${used}`)).addressUsage).toMatchObject({
      site: 1,
      userExtension: 0,
    });
    expect((await fixture.list('/addresses')).every((row) => row.addressUsage === undefined)).toBe(true);
    expect((await fixture.refused('DELETE', `/addresses/${used}`)).error.code).toBe('BAD_REQUEST');
    expect(await fixture.send('DELETE', `/addresses/${spareAddress}`)).toMatchObject({
      status: 204,
      body: '',
    });
    expect((await fixture.send('DELETE', `/addresses/${spareAddress}`)).status).toBe(404);
  });

  it('is refused per field', async () => {
    const fixture = setUp();
    expect((await fixture.refused('POST', '/addresses', street)).error).toMatchObject({ field: 'country' });
    expect((await fixture.refused('POST', '/addresses', { country: 'Utopia' })).error.field).toBe('country');
    const nowhere = { ...street, city: 'Nowhere', country: 'US' };
    expect((await fixture.refused('POST', '/addresses', nowhere)).error.field).toBe('city');
  });

  it('of an extension counts as used by it', async () => {
    const fixture = setUp();
    const user = (await fixture.list('/users'))[1] ?? {};
    const extension = changed(asObject(at(user, 'serviceInfo', 'extensions', 0)), {
      emergencyAddressInheritFromSite: false,
      emergencyAddress: { id: spareAddress },
    });
    const path = `/users/${at(user, 'basicInfo', 'userId')}`;
    await fixture.write('PUT', path, changed(user, { 'serviceInfo.extensions': [extension] }));
    expect(at(await fixture.get(path), 'serviceInfo', 'extensions', 0, 'emergencyAddress', 'id')).toBe(
      spareAddress,
    );
    expect((await fixture.get(`/addresses/${spareAddress}`)).addressUsage).toMatchObject({
      userExtension: 1,
    });
  });
});

describe('a phone number', () => {
  it('needs its plus, and is found by it', async () => {
    const fixture = setUp();
    expect(await fixture.get('/phone-numbers/%2B14085550100')).toMatchObject({
      phoneNumber: '+14085550100',
      nationalFormattedNumber: '(408) 555-0100',
      status: 'ASSIGNED',
      category: 'LOCAL',
    });
    expect((await fixture.refused('GET', '/phone-numbers/14085550100')).error).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'phoneNumber',
    });
    expect((await fixture.refused('GET', '/phone-numbers/%2B19995550100')).status).toBe(404);
  });
});

function asObject(value: unknown): JsonObject {
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value)) : {};
}
