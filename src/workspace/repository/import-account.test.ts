import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { observedAccount, userBody } from '../../account/testing/observed.ts';
import { CountsError, type ImportOptions, importAccount } from './import-account.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-import-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An account in which somebody was made after the profile settings were listed. */
function changing(): ImportOptions {
  return {
    account: observedAccount({ user: [userBody('jane', {})], profileSettings: [] }, { rows: 'single' }),
    customerId: 'customer-1',
    endpoint: 'https://phones.example.com/admin-provisioning',
    folder: join(folder, 'company'),
    layout: 'kind',
    force: false,
    portable: false,
    allowUnknown: [],
    allowMismatch: false,
  };
}

describe('an import of an account whose counts do not add up', () => {
  it('writes nothing and says what differs', async () => {
    const failed = importAccount(changing());
    await expect(failed).rejects.toThrow(CountsError);
    await expect(failed).rejects.toThrow(/there are 1 users, and settings of 0\. .* try again\. Nothing was/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes what there is when that is asked for, and still says it', async () => {
    const { files, tally } = await importAccount({ ...changing(), allowMismatch: true });
    expect(tally.mismatches).toHaveLength(1);
    expect(files).toBe(5);
    expect(await readdir(join(folder, 'company', 'people'))).toEqual(['jane.yaml', 'kustomization.yaml']);
  });
});
