import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RepositoryText, writeRepository } from './write-repository.ts';

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-write-'));
  out = join(folder, 'deep', 'company');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = (path: string, text = 'text'): RepositoryText => ({ path, text });

describe('a repository that is written', () => {
  it('makes the folders that it needs, and leaves nothing else beside', async () => {
    await writeRepository(out, [file('people/jane.yaml'), file('kustomization.yaml')], false);
    expect(await readdir(out, { recursive: true })).toEqual([
      'kustomization.yaml',
      'people',
      join('people', 'jane.yaml'),
    ]);
    expect(await readdir(join(folder, 'deep'))).toEqual(['company']);
  });

  it('takes an empty folder as it is', async () => {
    await mkdir(out, { recursive: true });
    await writeRepository(out, [file('kustomization.yaml')], false);
    expect(await readdir(out)).toEqual(['kustomization.yaml']);
  });

  it('is there as a whole or not at all: what fails on the way leaves the earlier one', async () => {
    await writeRepository(out, [file('kustomization.yaml', 'first')], false);
    await writeFile(join(out, 'dialops.lock.yaml'), 'memory');
    function* failing(): Generator<RepositoryText> {
      yield file('kustomization.yaml', 'second');
      throw new Error('in the middle');
    }
    await expect(writeRepository(out, failing(), true)).rejects.toThrow('in the middle');
    expect(await readFile(join(out, 'kustomization.yaml'), 'utf8')).toBe('first');
    expect(await readdir(join(folder, 'deep'))).toEqual(['company']);
    const twice = [file('people/jane.yaml'), file('people/jane.yaml')];
    await expect(writeRepository(out, twice, true)).rejects.toThrow('EEXIST');
    expect((await readdir(out)).sort()).toEqual(['dialops.lock.yaml', 'kustomization.yaml']);
  });

  it('stands behind a link that was there, which stays', async () => {
    const real = join(folder, 'real');
    await mkdir(join(real, '.git'), { recursive: true });
    await mkdir(dirname(out), { recursive: true });
    await symlink(real, out);
    await writeRepository(out, [file('kustomization.yaml')], true);
    expect((await lstat(out)).isSymbolicLink()).toBe(true);
    expect((await readdir(real)).sort()).toEqual(['.git', 'kustomization.yaml']);
  });

  it('keeps what no import makes, and refuses a file in the place of the folder', async () => {
    await writeRepository(out, [file('people/jane.yaml'), file('kustomization.yaml')], false);
    await mkdir(join(out, '.git'));
    await writeFile(join(out, 'dialops.lock.yaml'), 'memory');
    await writeRepository(out, [file('kustomization.yaml')], true);
    expect((await readdir(out)).sort()).toEqual(['.git', 'dialops.lock.yaml', 'kustomization.yaml']);
    const taken = join(folder, 'file');
    await writeFile(taken, 'text');
    await expect(writeRepository(taken, [file('kustomization.yaml')], true)).rejects.toThrow(/is a file/);
  });
});
