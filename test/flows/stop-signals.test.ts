import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launcher } from './support/command.ts';

let folder: string;
let key: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signals-'));
  key = join(folder, 'key');
  await writeFile(key, 'a-key-for-tests');
});
afterAll(() => rm(folder, { recursive: true }));

it('a program that npm started ends with it: npm tells its shell alone', async () => {
  // As npm does it; the second command keeps the shell from becoming the program.
  const script = '"$0" "$1" sandbox --api-key-file "$2" --listen 127.0.0.1:0; exit';
  const shell = spawn('/bin/sh', ['-c', script, process.execPath, launcher, key], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_command: 'exec' },
  });
  let said = '';
  // What the shell has started holds its output open.
  const closed = new Promise((resolve) => shell.once('close', resolve));
  const listens = new Promise<void>((resolve) => {
    for (const stream of [shell.stdout, shell.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
        if (said.includes('control API')) resolve();
      });
  });
  await listens;
  shell.kill('SIGTERM');
  await closed;
  expect(said).toContain('npm is gone: stopping');
}, 30_000);
