import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

async function scripts(): Promise<ReadonlyMap<string, string>> {
  const manifest: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  return new Map(Object.entries(manifest.scripts));
}

/** Only ever run by another script, which has looked already. */
const inner = new Set(['generate:check', 'prepack']);

it('every npm script first says what the machine lacks, in words that an old Node understands', async () => {
  const all = await scripts();
  const isHook = (name: string) => name.startsWith('pre') && all.has(name.slice('pre'.length));
  const entryPoints = [...all.keys()].filter((name) => !inner.has(name) && !isHook(name));
  expect(entryPoints).toEqual(expect.arrayContaining(['lint', 'generate', 'build', 'bench', 'conformance']));
  const unguarded = entryPoints.filter((name) => !all.get(`pre${name}`)?.includes('scripts/preflight.cjs'));
  expect(unguarded).toEqual([]);
});

it('the preflight passes where everything is there, whatever disk it is told to ask for', async () => {
  const run = promisify(execFile);
  await expect(
    run(process.execPath, ['scripts/preflight.cjs', '--disk', '1'], { cwd: root }),
  ).resolves.toMatchObject({ stderr: '' });
});
