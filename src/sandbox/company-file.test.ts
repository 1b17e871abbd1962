import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCompanyFile } from './company-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'company-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

const small = `
customerId: 0012J00000SMALL001
pbxes: [{name: small01}]
sites:
  - name: Main
    pbxName: small01
    locale: en-US
    timezone: America/Chicago
    address: {streetNumber: "1", streetName: Example Street, city: Springfield, state: IL, postal: "62704", country: US}
phoneNumbers: [{phoneNumber: "+12175550100", country: US}]
licenses: [{name: X2, country: US, type: UC, tier: X2, seats: 3}]
primaryAdministrator: {userName: owner@example.com, firstName: Account, lastName: Owner, email: owner@example.com}
`;

async function file(text: string, name = 'account.yaml'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('a company from a file', () => {
  it('reads the example company', async () => {
    const path = new URL('../../examples/acme/account.json', import.meta.url).pathname;
    const { company, customerId } = await loadCompanyFile(path, 1);
    expect(customerId).toBe('0012J00000ACME0001');
    expect(company.sites.map(({ name }) => name)).toEqual(['Springfield HQ', 'Riverside']);
    expect(company.users.map(({ primaryAdministrator }) => primaryAdministrator)).toEqual([true]);
    expect(company.extensions).toEqual([]);
  });

  it('reads YAML, and is the same company for the same seed', async () => {
    const path = await file(small);
    const first = await loadCompanyFile(path, 4);
    expect(first.company.licenses).toHaveLength(3);
    expect(await loadCompanyFile(path, 4)).toEqual(first);
    expect((await loadCompanyFile(path, 5)).company).not.toEqual(first.company);
  });

  it('does without a customer id', async () => {
    const path = await file(small.replace(/^customerId.*$/m, ''));
    expect(await loadCompanyFile(path, 1)).not.toHaveProperty('customerId');
  });

  it('names the file and every field at fault', async () => {
    const path = await file(
      small.replace('country: US, type: UC', 'country: US, type: XX').replace('+1217555', '217555'),
    );
    const refused = loadCompanyFile(path, 1);
    await expect(refused).rejects.toThrow(path);
    await expect(refused).rejects.toThrow(/licenses\[0\]\.type: must be one of UC, CC, OTHER/);
    await expect(refused).rejects.toThrow(/phoneNumbers\[0\]\.phoneNumber: must match/);
  });

  it('says where the syntax is wrong', async () => {
    const path = await file('{"pbxes": [{"name": "a"}', 'broken.json');
    await expect(loadCompanyFile(path, 1)).rejects.toThrow(
      /broken\.json: is neither JSON nor YAML: .* line 1/s,
    );
  });

  it('refuses a file that is not there, is a list, or has a customer id of another type', async () => {
    await expect(loadCompanyFile(join(folder, 'none.json'), 1)).rejects.toThrow(/none\.json: cannot be read/);
    await expect(loadCompanyFile(await file('[]'), 1)).rejects.toThrow(/must hold an object/);
    await expect(loadCompanyFile(await file(small.replace('0012J00000SMALL001', '12')), 1)).rejects.toThrow(
      /customerId: must be a text/,
    );
  });
});
