import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialops, launcher } from './support/command.ts';

const run = promisify(execFile);

describe('completion in a bash', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dialops-completion-'));
    await symlink(launcher, join(folder, 'dialops'));
    const { stdout } = await dialops(['completion', 'bash'], {});
    await writeFile(join(folder, 'script'), stdout);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What bash offers after these words. */
  async function offered(...words: string[]): Promise<string[]> {
    const script = `source ${folder}/script; COMP_WORDS=(dialops "$@"); COMP_CWORD=$#; _dialops; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const { stdout } = await run('bash', ['-c', script, 'bash', ...words], { env });
    return stdout.split('\n').filter((line) => line !== '');
  }

  it('completes commands, options and their values', async () => {
    expect(await offered('pl')).toEqual(['plan']);
    expect(await offered('plan', '--pr')).toEqual(['--prune']);
    expect(await offered('plan', '-o', '')).toEqual(['text', 'markdown', 'json']);
    expect(await offered('explain', 'P')).toEqual(['PhoneSystem', 'PrivilegeGrant', 'PortingOrder']);
  });

  it('leaves names of files to the shell', async () => {
    expect(await offered('validate', 'comp')).toEqual([]);
    expect(await offered('plan', '--out', '')).toEqual([]);
  });
});

it('completes in zsh the first time, too, where the script is a file of fpath', async () => {
  const { stdout } = await dialops(['completion', 'zsh'], {});
  expect(stdout).toMatch(/^#compdef dialops\n/);
  expect(stdout).toMatch(
    /^if \[\[ \$\{funcstack\[1\]\} == _dialops \]\]; then _dialops "\$@"; else compdef _dialops dialops; fi\n$/m,
  );
});

it('has a script for each shell that it names, and none for others', async () => {
  for (const shell of ['zsh', 'fish']) {
    const { code, stdout } = await dialops(['completion', shell], {});
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('dialops __complete -- ') });
  }
  expect((await dialops(['completion', 'tcsh'], {})).code).toBe(64);
});
