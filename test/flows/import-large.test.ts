import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Flow } from './support/account.ts';
import { importInto, nothing, planOf } from './support/imported.ts';
import { variedCompany } from './support/varied-company.ts';

it.each([
  ['complete', 10_000, false],
  // Each user and each extension's settings are read by themselves then, over many a reading of the lists.
  ['sparse', 300, true],
])(
  'takes over an account with %s list rows, of %i people, in less than a gigabyte with the sandbox in it',
  async (_rows, users, sparseRows) => {
    const folder = await mkdtemp(join(tmpdir(), 'dialops-import-'));
    try {
      const company = variedCompany({ users, seed: 10 });
      const flow = new Flow({
        resources: [],
        company,
        sandbox: { seed: 10, unlimited: true, sparseRows },
      });
      const { files, resources, tally } = await importInto(flow, join(folder, 'company'), { layout: 'site' });
      expect(tally.mismatches).toEqual([]);
      expect(tally.rows[0]).toMatchObject({ what: 'users', inAccount: users, written: users });
      expect(resources.length).toBeGreaterThan(2 * users);
      expect(files).toBeGreaterThan(resources.length);
      expect(await planOf(flow, resources)).toEqual(nothing);
      expect(process.memoryUsage().rss).toBeLessThan(2 ** 30);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  180_000,
);
