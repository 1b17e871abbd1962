import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Flow } from './support/account.ts';
import { importInto, nothing, planOf } from './support/imported.ts';
import { variedCompany } from './support/varied-company.ts';

it('takes over an account of 10,000 people, in less than a gigabyte with the sandbox in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dialops-import-'));
  try {
    const company = variedCompany({ users: 10_000, seed: 10 });
    const flow = new Flow({ resources: [], company, sandbox: { seed: 10, unlimited: true } });
    const { files, resources, tally } = await importInto(flow, join(folder, 'company'), { layout: 'site' });
    expect(tally.mismatches).toEqual([]);
    expect(tally.rows[0]).toMatchObject({ what: 'users', inAccount: 10_000, written: 10_000 });
    expect(resources.length).toBeGreaterThan(20_000);
    expect(files).toBeGreaterThan(resources.length);
    expect(await planOf(flow, resources)).toEqual(nothing);
    expect(process.memoryUsage().rss).toBeLessThan(2 ** 30);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
