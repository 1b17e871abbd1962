import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, type Json } from '../../src/foundation/json.ts';
import { launcher, nodeCommand } from './support/command.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'launcher-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A place with the launcher and programs that say who they are. @returns the launcher there */
async function place(name: string, programs: readonly string[]): Promise<string> {
  const root = join(folder, name);
  const bin = join(root, 'bin', 'dialops.cjs');
  for (const program of programs) {
    await mkdir(join(root, dirname(program)), { recursive: true });
    await writeFile(join(root, program), `console.log('${program}', ...process.argv.slice(2));\n`);
  }
  await mkdir(join(root, 'bin'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type": "module"}');
  await cp(launcher, bin);
  return bin;
}

const source = 'src/cli/main.ts';
const built = 'dist/cli/main.js';
const start = (bin: string, ...args: string[]) => nodeCommand([bin, ...args]).ended;

describe('the launcher', () => {
  it('runs the sources of a checkout, whatever was built there once', async () => {
    const bin = await place('checkout', [source, built]);
    expect(await start(bin, 'plan', '-o', 'json')).toEqual({
      code: 0,
      stdout: `${source} plan -o json\n`,
      stderr: '',
    });
  });

  it('runs what was built in a package, where Node takes no TypeScript', async () => {
    expect((await start(await place('package', [built]))).stdout).toBe(`${built}\n`);
    const installed = await place('node_modules/dialops', [source, built]);
    expect((await start(installed)).stdout).toBe(`${built}\n`);
  });

  it('works through symbolic links, as npm makes them for both of its names', async () => {
    const bin = await place('linked', [built]);
    for (const name of ['dialops', 'kubectl-dialops']) {
      const link = join(folder, name);
      await symlink(bin, link);
      expect((await start(link, 'version')).stdout).toBe(`${built} version\n`);
      // As a shell or kubectl starts it: by the #! line, with whatever node is in PATH.
      const path = [dirname(process.execPath), process.env.PATH].join(':');
      expect((await run(link, ['version'], { env: { PATH: path } })).stdout).toBe(`${built} version\n`);
    }
    const manifest: Json = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
    expect(isJsonObject(manifest) ? manifest.bin : undefined).toEqual({
      dialops: 'bin/dialops.cjs',
      'kubectl-dialops': 'bin/dialops.cjs',
    });
  });

  it('says what to do where there is nothing to run', async () => {
    const { code, stderr } = await start(await place('empty', []));
    expect(code).toBe(1);
    expect(stderr).toContain('npm run build');
  });
});

describe('the package as it is published', () => {
  it('has everything that it needs beside its dependencies', async () => {
    const root = join(folder, 'published');
    const manifest: Json = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
    const files = isJsonObject(manifest) && Array.isArray(manifest.files) ? manifest.files.map(String) : [];
    for (const name of ['package.json', ...files.filter((file) => file !== 'dist')])
      await cp(join(checkout, name), join(root, name), { recursive: true });
    const tsc = join(checkout, 'node_modules', '.bin', 'tsc');
    await run(tsc, ['-p', join(checkout, 'tsconfig.build.json'), '--outDir', join(root, 'dist')]);
    await symlink(join(checkout, 'node_modules'), join(root, 'node_modules'));
    const bin = join(root, 'bin', 'dialops.cjs');
    expect(await start(bin, 'version')).toEqual(await start(launcher, 'version'));
    for (const command of ['operator', 'sandbox', 'validate'])
      expect(await start(bin, command, '--help')).toEqual(await start(launcher, command, '--help'));
    const valid = await start(bin, 'validate', join(root, 'examples', 'acme'));
    expect(valid).toMatchObject({ code: 0 });
  });
});
