import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { rootEntries } from './layout.ts';

/** The folder can't be used; the message names it and the way out. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

export interface RepositoryText {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What an import makes at the top of a folder, and so replaces; everything else there stays. */
const replaced: ReadonlySet<string> = new Set(rootEntries);

/** @throws FolderInUseError when there is something in the folder that would be lost */
export async function checkFolder(folder: string, force: boolean): Promise<void> {
  const entries = await entriesOf(folder);
  if (entries === undefined || entries.length === 0 || force) return;
  throw new FolderInUseError(
    `${folder} is not empty: name a new folder, or replace what an import makes in it with --force (${rootEntries.join(', ')})`,
  );
}

/**
 * Writes all files or none: into a folder beside the wanted one, which takes its place when it is whole. Of a folder
 * that is there already, what no import makes stays: history, lock file, notes.
 *
 * @throws FolderInUseError when the folder is not empty and `force` is false
 */
export async function writeRepository(
  folder: string,
  files: Iterable<RepositoryText>,
  force: boolean,
): Promise<void> {
  await checkFolder(folder, force);
  // Of a link, what it leads to: the link stays.
  const target = await realpath(folder).catch(() => resolve(folder));
  await mkdir(dirname(target), { recursive: true });
  // On the same file system, so that it can be renamed.
  const made = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    const fresh = join(made, 'new');
    await mkdir(fresh);
    writeAll(fresh, files);
    await replace(target, fresh, join(made, 'old'));
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** Synchronously: of ten thousand small files, waiting for each costs more than writing it. */
function writeAll(folder: string, files: Iterable<RepositoryText>): void {
  const known = new Set<string>();
  for (const { path, text } of files) {
    const file = join(folder, path);
    const parent = dirname(file);
    if (!known.has(parent)) mkdirSync(parent, { recursive: true });
    known.add(parent);
    writeFileSync(file, text, { flag: 'wx' });
  }
}

/** Moves the old away and the new in, and the old back if that fails. */
async function replace(target: string, fresh: string, old: string): Promise<void> {
  const entries = await entriesOf(target);
  if (entries === undefined) {
    await rename(fresh, target);
    return;
  }
  await rename(target, old);
  const moved: string[] = [];
  try {
    for (const name of entries.filter((entry) => !replaced.has(entry))) {
      await rename(join(old, name), join(fresh, name));
      moved.push(name);
    }
    await rename(fresh, target);
  } catch (error) {
    for (const name of moved) await rename(join(fresh, name), join(old, name));
    await rename(old, target);
    throw error;
  }
}

async function entriesOf(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') {
      throw new FolderInUseError(`${folder} is a file: name a folder`);
    }
    throw error;
  }
}
