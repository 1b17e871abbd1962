import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from './replace-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-replace-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('leaves the new text alone in the folder, with the mode that was asked for', async () => {
  const path = join(folder, 'plan.json');
  await writeFile(path, 'old', { mode: 0o644 });
  await replaceFile(path, 'new', 0o600);
  expect(await readFile(path, 'utf8')).toBe('new');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['plan.json']);
});

it('writes through no link, neither at the path nor at a name that could be guessed', async () => {
  const victim = join(folder, 'victim');
  await writeFile(victim, 'precious');
  const path = join(folder, 'lock.yaml');
  for (const link of [path, `${path}.new`]) await symlink(victim, link);
  await replaceFile(path, 'new');
  expect(await readFile(victim, 'utf8')).toBe('precious');
  expect(await readFile(path, 'utf8')).toBe('new');
});

it('leaves nothing behind where the file cannot be replaced', async () => {
  await expect(replaceFile(folder, 'new')).rejects.toThrow(/EISDIR|ENOTDIR|ENOTEMPTY|EEXIST/);
  await expect(readdir(join(folder, '..'))).resolves.not.toContainEqual(
    expect.stringMatching(new RegExp(`${folder.split('/').at(-1)}\\..*new`)),
  );
});
