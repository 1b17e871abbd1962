import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import type { RemovalEntry } from '../execution/removal-log.ts';
import { isJsonArray, isJsonObject, type Json } from '../foundation/json.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import { parseLockText, printLock } from './lock-text.ts';
import { isRemovals, LockedResourceCheck } from './locked-resource.ts';
import { replaceFile } from './replace-file.ts';

/** What a lock file holds: its resources carry in `status` what the operator would keep there. */
export interface Lock {
  /** Of the account that it is about, once known. */
  readonly customerId?: string;
  /** Removals of the last hour, for the removal guard. */
  readonly removals: readonly RemovalEntry[];
  /** By resource key: each as it was last applied. */
  readonly resources: ReadonlyMap<string, AccountResource>;
}

/** Where a lock is kept. */
export interface LockStore {
  /** As messages name it. */
  readonly path: string;
  /** Whether a resource goes on under another name that the files give it. In a cluster that is another resource. */
  readonly knowsRenamed: boolean;
  read(): Promise<Lock>;
  /** Resolves once it will outlive a crash: the write that it is about may then be sent. */
  note(resources: readonly AccountResource[], removals?: readonly RemovalEntry[]): Promise<void>;
  write(lock: Lock): Promise<void>;
}

export const emptyLock: Lock = { removals: [], resources: new Map() };

/** The lock file can't be used; the message names it and the way out. */
export class LockFileError extends Error {
  override readonly name = 'LockFileError';
}

/**
 * The memory of a folder of resources, where there is no cluster to keep it: `dialops.lock.yaml`, made to be
 * committed. While writes are under way, a journal beside it tells of each before it is sent, so that a crash
 * loses nothing; the next run takes it over.
 */
export class LockFile implements LockStore {
  readonly path: string;
  readonly knowsRenamed = true;
  readonly #journal: string;
  #hasNoted = false;
  /** Notes go one after the other: what was counted last must be read last, and a line is not cut off another's. */
  #noting: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
    this.#journal = `${path}.journal`;
  }

  /** @throws LockFileError when it is there and can't be understood: it is never taken for an empty one */
  async read(): Promise<Lock> {
    const check = new LockedResourceCheck();
    const lock = parseLock(this.path, await textOf(this.path), check);
    const journal = await journalText(this.#journal);
    if (journal === undefined) return lock;
    const resources = new Map(lock.resources);
    let { removals } = lock;
    const lines = journal.split('\n');
    // What a crash cut off has no end of line: then its write was not sent.
    for (const [index, line] of lines.slice(0, -1).entries()) {
      const fault = (what: string) =>
        new LockFileError(
          `${this.#journal}:${index + 1} ${what}: a run that was cut short left it; take it as that run left it, or remove it and look with dialops plan what that run had done`,
        );
      const entry = jsonOf(line);
      if (entry === undefined) throw fault('is no JSON');
      if (isJsonObject(entry) && entry.removals !== undefined) {
        if (!isRemovals(entry.removals)) throw fault('holds no removals');
        removals = entry.removals;
        continue;
      }
      const noted = check.check(entry);
      if ('fault' in noted) throw fault(noted.fault);
      resources.set(resourceKey(referenceTo(noted.resource)), noted.resource);
    }
    return { ...lock, removals, resources };
  }

  note(resources: readonly AccountResource[], removals: readonly RemovalEntry[] = []): Promise<void> {
    const lines = [...(removals.length > 0 ? [{ removals }] : []), ...resources];
    const noted = this.#noting.then(() => this.#append(lines));
    // Whoever asked for one that fails is told; the next one is tried all the same.
    this.#noting = noted.catch(() => undefined);
    return noted;
  }

  async #append(lines: readonly unknown[]): Promise<void> {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
    const file = await openJournal(this.#journal, O_APPEND | O_CREAT | O_NOFOLLOW | O_RDWR);
    try {
      if (!this.#hasNoted) await cutBrokenLine(file);
      this.#hasNoted = true;
      await file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Replaces the file as a whole; a reader sees the old one or the new one. */
  async write(lock: Lock): Promise<void> {
    const sorted = [...lock.resources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, resource]) => resource);
    const rest = {
      version: 1,
      ...(lock.customerId === undefined ? {} : { customerId: lock.customerId }),
      ...(lock.removals.length > 0 ? { removals: lock.removals.map((entry) => ({ ...entry })) } : {}),
    };
    const text = printLock(rest, sorted);
    const before = await textOf(this.path);
    if (before !== text) await replaceFile(this.path, text);
    await rm(this.#journal, { force: true });
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What an earlier run could not finish must not become the beginning of another line. */
async function cutBrokenLine(journal: FileHandle): Promise<void> {
  const text = await journal.readFile('utf8');
  if (text === '' || text.endsWith('\n')) return;
  await journal.truncate(Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
}

/** A link where the journal should be leads somewhere that is not ours to write. */
async function openJournal(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags, 0o600);
  } catch (error) {
    if (!hasCode(error, 'ELOOP')) throw error;
    throw new LockFileError(`${path} is a link, which no run of dialops makes: remove it`, { cause: error });
  }
}

async function journalText(path: string): Promise<string | undefined> {
  let file: FileHandle;
  try {
    file = await openJournal(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseLock(path: string, text: string | undefined, check: LockedResourceCheck): Lock {
  if (text === undefined) return emptyLock;
  const restore = 'take it from the last commit, or remove it to begin without memory';
  let content: Json;
  try {
    content = parseLockText(text);
  } catch (error) {
    throw new LockFileError(`${path} is no YAML: ${restore}`, { cause: error });
  }
  const fault = (what: string) => new LockFileError(`${path}${what}: ${restore}`);
  const foreign = fault(' is no lock file of this version of dialops');
  if (!isJsonObject(content) || content.version !== 1 || !isJsonArray(content.resources)) throw foreign;
  const { customerId, removals = [] } = content;
  if (customerId !== undefined && typeof customerId !== 'string') throw foreign;
  if (!isRemovals(removals)) throw fault(': removals is no list of times and counts');
  const resources = content.resources.map((entry, index): [string, AccountResource] => {
    const locked = check.check(entry);
    if ('fault' in locked) throw fault(`: resources[${index}] ${locked.fault}`);
    return [resourceKey(referenceTo(locked.resource)), locked.resource];
  });
  return {
    ...(customerId === undefined ? {} : { customerId }),
    removals,
    resources: new Map(resources),
  };
}
