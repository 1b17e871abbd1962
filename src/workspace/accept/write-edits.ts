import { readFile, realpath, stat } from 'node:fs/promises';
import { replaceFile } from '../replace-file.ts';
import type { FileEdit } from './accept-drift.ts';

/** A file is not what it was when it was read; the message names it. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';
}

/**
 * Writes edits, each file as a whole: a reader sees the old one or the new one. Behind a link, what it leads to.
 *
 * @throws FileChanged before anything is written, when somebody has changed one of the files since
 */
export async function writeEdits(edits: readonly FileEdit[]): Promise<void> {
  const targets: { readonly path: string; readonly after: string; readonly mode: number }[] = [];
  for (const { after, before, file } of edits) {
    const path = await realpath(file);
    if ((await readFile(path, 'utf8')) !== before) {
      throw new FileChanged(`${file} was changed meanwhile: nothing was written; run it again`);
    }
    targets.push({ path, after, mode: (await stat(path)).mode });
  }
  for (const { after, mode, path } of targets) {
    await replaceFile(path, after, mode);
  }
}
