import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * Brings generated files up to date, or says which are not: with `--check` on the command line nothing is written,
 * and the exit code is 1 when one is stale.
 *
 * @param wanted text by path from the root of the repository
 * @param command what makes them anew
 */
export async function bringUpToDate(wanted: ReadonlyMap<string, string>, command: string): Promise<void> {
  const stale: string[] = [];
  for (const [file, text] of wanted) {
    const present = await readFile(join(root, file), 'utf8').catch(() => undefined);
    if (present !== text) stale.push(file);
  }
  if (process.argv.includes('--check')) {
    for (const file of stale) console.error(`${file} is stale`);
    if (stale.length > 0) {
      console.error(`Run: ${command}`);
      process.exitCode = 1;
    }
    return;
  }
  for (const file of stale) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), wanted.get(file) ?? '');
  }
  console.log(`${stale.length} of ${wanted.size} files changed`);
}
