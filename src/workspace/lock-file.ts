import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import type { RemovalEntry } from '../execution/removal-log.ts';
import { type AccountResource, isAccountKind } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';

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

const head = [
  ' Made by dialops: what it knows of the account that these files shape. Commit it; do not edit it.',
  ' It holds no secrets. Without it nothing is renamed, removed or made again.',
].join('\n');

/**
 * The memory of a folder of resources, where there is no cluster to keep it: `dialops.lock.yaml`, made to be
 * committed. While writes are under way, a journal beside it tells of each before it is sent, so that a crash
 * loses nothing; the next run takes it over.
 */
export class LockFile implements LockStore {
  readonly path: string;
  readonly #journal: string;

  constructor(path: string) {
    this.path = path;
    this.#journal = `${path}.journal`;
  }

  /** @throws LockFileError when it is there and can't be understood: it is never taken for an empty one */
  async read(): Promise<Lock> {
    const lock = parseLock(this.path, await textOf(this.path));
    const journal = await textOf(this.#journal);
    if (journal === undefined) return lock;
    const resources = new Map(lock.resources);
    let { removals } = lock;
    for (const line of journal.split('\n')) {
      // The last line may have been cut off by a crash: then its write was not sent.
      if (line === '' || !line.endsWith('}')) continue;
      const noted: AccountResource | { readonly removals: readonly RemovalEntry[] } = JSON.parse(line);
      if ('removals' in noted) removals = noted.removals;
      else resources.set(resourceKey(referenceTo(noted)), noted);
    }
    return { ...lock, removals, resources };
  }

  async note(resources: readonly AccountResource[], removals: readonly RemovalEntry[] = []): Promise<void> {
    const lines = [...(removals.length > 0 ? [{ removals }] : []), ...resources];
    const file = await open(this.#journal, 'a', 0o600);
    try {
      await file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Replaces the file as a whole; a reader sees the old one or the new one. */
  async write(lock: Lock): Promise<void> {
    const sorted = [...lock.resources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, resource]) => resource);
    const content = {
      version: 1,
      ...(lock.customerId === undefined ? {} : { customerId: lock.customerId }),
      ...(lock.removals.length > 0 ? { removals: lock.removals } : {}),
      resources: sorted,
    };
    const text = `${head.replace(/^/gm, '#')}\n${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`;
    const before = await textOf(this.path);
    if (before !== text) {
      await writeFile(`${this.path}.new`, text);
      await rename(`${this.path}.new`, this.path);
    }
    await rm(this.#journal, { force: true });
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseLock(path: string, text: string | undefined): Lock {
  if (text === undefined) return emptyLock;
  const restore = 'take it from the last commit, or remove it to begin without memory';
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new LockFileError(`${path} is no YAML: ${restore}`, { cause: error });
  }
  if (!isLockContent(content)) {
    throw new LockFileError(`${path} is no lock file of this version of dialops: ${restore}`);
  }
  const resources = content.resources.map((resource): [string, AccountResource] => [
    resourceKey(referenceTo(resource)),
    resource,
  ]);
  return {
    ...(content.customerId === undefined ? {} : { customerId: content.customerId }),
    removals: content.removals ?? [],
    resources: new Map(resources),
  };
}

interface LockContent {
  readonly version: 1;
  readonly customerId?: string;
  readonly removals?: readonly RemovalEntry[];
  readonly resources: readonly AccountResource[];
}

function isLockContent(content: unknown): content is LockContent {
  return (
    typeof content === 'object' &&
    content !== null &&
    'version' in content &&
    content.version === 1 &&
    'resources' in content &&
    Array.isArray(content.resources) &&
    content.resources.every(isLocked) &&
    (!('customerId' in content) || typeof content.customerId === 'string') &&
    (!('removals' in content) || Array.isArray(content.removals))
  );
}

function isLocked(item: unknown): boolean {
  return (
    typeof item === 'object' &&
    item !== null &&
    'kind' in item &&
    typeof item.kind === 'string' &&
    isAccountKind(item.kind) &&
    'metadata' in item &&
    typeof item.metadata === 'object' &&
    item.metadata !== null &&
    'name' in item.metadata &&
    typeof item.metadata.name === 'string' &&
    'spec' in item &&
    typeof item.spec === 'object'
  );
}
