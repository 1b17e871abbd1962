import { isUtf8 } from 'node:buffer';
import {
  type Dirent,
  globSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

/** The text of one file, and whether a person named it or it was found in a folder. */
export interface SourceText {
  /** As it was named, or below the folder that was; `-` is the standard input. */
  readonly file: string;
  readonly text: string;
  readonly named: boolean;
}

/** A path that can't be read: what it declares is unknown, never "removed". */
export interface UnreadablePath {
  readonly file: string;
  readonly message: string;
}

export interface SourceTexts {
  readonly texts: readonly SourceText[];
  readonly unreadable: readonly UnreadablePath[];
}

const notUtf8 = new Error(
  'is not UTF-8 text; save it as UTF-8, as by "Out-File -Encoding utf8" in PowerShell',
);

const manifestName = /\.(ya?ml|json)$/i;

/**
 * Reads files, folders (recursively: `*.yaml`, `*.yml` and `*.json` in the order of their names; hidden ones and
 * node_modules are skipped), patterns such as `people/*.yaml`, and `-` for the standard input. No file is read
 * twice. A link found in a folder is followed inside that folder and the working directory: what a pull request
 * brings must not make a file of the machine part of a report.
 *
 * @param stdin gives the standard input; called once at most
 */
export async function readSourceTexts(
  paths: readonly string[],
  stdin: () => Promise<string>,
): Promise<SourceTexts> {
  const texts = new Map<string, SourceText>();
  const unreadable: UnreadablePath[] = [];
  const read = (file: string, named: boolean) => {
    if (texts.has(file)) return;
    try {
      const text = readFileSync(file, 'utf8');
      if (text.includes('\ufffd') && !isUtf8(readFileSync(file))) throw notUtf8;
      texts.set(file, { file, text, named });
    } catch (error) {
      unreadable.push({ file, message: reasonOf(error) });
    }
  };
  for (const path of paths) {
    if (path === '-') {
      if (texts.has('-')) continue;
      const text = await stdin();
      texts.set('-', { file: '-', text, named: true });
      // Most often the program before us in the pipe has failed: that must not look valid.
      if (text.trim() === '') unreadable.push({ file: '-', message: 'the standard input is empty' });
      continue;
    }
    const state = stateOf(path, unreadable);
    if (state === 'unreadable') continue;
    if (state?.isDirectory()) walk(path, (file) => read(file, false), unreadable);
    else if (state) read(path, true);
    else expand(path, read, unreadable);
  }
  return { texts: [...texts.values()], unreadable };
}

/** A pattern that fits nothing is no different from a file that is not there: a typing error must not look valid. */
function expand(
  path: string,
  read: (file: string, named: boolean) => void,
  unreadable: UnreadablePath[],
): void {
  const wildcard = path.search(/[*?[\]{}]/);
  const isPattern = wildcard >= 0;
  const files = isPattern ? globSync(path).sort() : [];
  const root = path.slice(0, path.lastIndexOf('/', wildcard) + 1) || '.';
  for (const file of files) {
    if (leadsOut(file, root)) {
      unreadable.push({ file, message: leadingOut(root) });
      continue;
    }
    const state = stateOf(file, unreadable);
    if (state === 'unreadable') continue;
    if (state?.isDirectory()) walk(file, (inner) => read(inner, false), unreadable);
    else read(file, true);
  }
  if (files.length === 0)
    unreadable.push({
      file: path,
      message: isPattern ? 'no file fits this pattern' : 'there is no such file or folder',
    });
}

function walk(
  folder: string,
  read: (file: string) => void,
  unreadable: UnreadablePath[],
  root = folder,
): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    unreadable.push({ file: folder, message: reasonOf(error) });
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const entry of entries) {
    if (isPassedOver(entry.name)) continue;
    const path = join(folder, entry.name);
    // A link to a folder is not followed: it may lead back here.
    const kind = entry.isSymbolicLink() ? stateOf(path, unreadable) : entry;
    if (kind === 'unreadable') continue;
    if (entry.isDirectory()) walk(path, read, unreadable, root);
    else if (kind?.isFile() && manifestName.test(entry.name)) {
      if (entry.isSymbolicLink() && leadsOut(path, root))
        unreadable.push({ file: path, message: leadingOut(root) });
      else read(path);
    } else if (entry.isSymbolicLink() && !kind && manifestName.test(entry.name))
      unreadable.push({ file: path, message: 'is a link that leads nowhere' });
  }
}

/** What is there, behind a link too; undefined where nothing is. One that can't be looked at is told of, and no end. */
function stateOf(path: string, unreadable: UnreadablePath[]): Stats | 'unreadable' | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    unreadable.push({ file: path, message: reasonOf(error) });
    return 'unreadable';
  }
}

/** Leads it to somewhere that is not among the files of `root` or of the working directory? */
function leadsOut(path: string, root: string): boolean {
  const real = realpathOf(path);
  return real !== undefined && ![root, '.'].some((home) => isAmongFilesOf(realpathOf(home), real));
}

/** Undefined where a link leads nowhere: reading it says so. */
function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Below it, and not in what a walk through it would pass over: `.git` holds keys, and `.env` does. */
function isAmongFilesOf(folder: string | undefined, path: string): boolean {
  if (folder === undefined) return false;
  const below = relative(folder, path);
  if (isAbsolute(below)) return false;
  // `..2026_01_05` is where the files of a mounted ConfigMap are, behind links.
  return !below.split(sep).some((part) => part === '..' || (isPassedOver(part) && !part.startsWith('..')));
}

function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

const leadingOut = (root: string) =>
  `is a link that leads out of the files of ${root} (what is hidden is none of them); name the file itself`;

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'may not be read: permission denied',
  EISDIR: 'is a folder',
  ELOOP: 'is a link that leads back to itself',
  ENAMETOOLONG: 'is longer than the name of a file can be',
  ENOENT: 'there is no such file',
  EMFILE: 'too many files are open',
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return reasons[code] ?? error.message;
}
