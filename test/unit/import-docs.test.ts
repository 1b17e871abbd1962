import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { notManaged } from '../../src/account/decompile/not-managed.ts';

it('docs/import.md lists exactly the places that import leaves in the account, with why', async () => {
  const page = await readFile(new URL('../../docs/import.md', import.meta.url), 'utf8');
  const [, table = ''] = page.split('## Places that import leaves in the account');
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
    .slice(2);
  expect(rows).toEqual(
    notManaged.map(({ path, reason, type }) => [type, path === '' ? 'all of it' : path, reason]),
  );
});
