import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Flow } from './support/account.ts';
import { importInto, nothing, planOf } from './support/imported.ts';
import { variedCompany } from './support/varied-company.ts';

async function takeOver(users: number, sparseRows: boolean): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dialops-import-'));
  try {
    const company = variedCompany({ users, seed: 10 });
    const flow = new Flow({ resources: [], company, sandbox: { seed: 10, unlimited: true, sparseRows } });
    const { files, resources, tally } = await importInto(flow, join(folder, 'company'), { layout: 'site' });
    expect(tally.mismatches).toEqual([]);
    expect(tally.rows[0]).toMatchObject({ what: 'users', inAccount: users, written: users });
    expect(resources.length).toBeGreaterThan(2 * users);
    expect(files).toBeGreaterThan(resources.length);
    expect(await planOf(flow, resources)).toEqual(nothing);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it('takes over an account of 10,000 people, in less than a gigabyte with the sandbox in it', async () => {
  await takeOver(10_000, false);
  expect(process.memoryUsage().rss).toBeLessThan(2 ** 30);
}, 180_000);

it('comes to an end with sparse rows, although reading each user and each extension takes several lists', async () => {
  await takeOver(300, true);
}, 180_000);
