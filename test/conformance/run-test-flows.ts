import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DocumentError } from './documents.ts';
import type { Tally } from './tally.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
/** Those that talk to the sandbox in this process; the others are the built command, which is the same client. */
const inProcess = /\b(?:new (?:Flow|DriftWorkspace)|BenchAccount\.start)\(/;

/** What a process that runs flows is told by the one that judges them. */
export interface Listening {
  /** Folder of the published OpenAPI files. */
  readonly documents: string;
  /** Folder for what was heard, a file for each file of flows. */
  readonly results: string;
}

const documentsVariable = 'DIALOPS_CONFORMANCE_DOCUMENTS';
const resultsVariable = 'DIALOPS_CONFORMANCE_RESULTS';

export function isListening(env: NodeJS.ProcessEnv): boolean {
  return env[documentsVariable] !== undefined && env[resultsVariable] !== undefined;
}

/** @throws Error outside a conformance run */
export function listening(env: NodeJS.ProcessEnv): Listening {
  const [documents, results] = [env[documentsVariable], env[resultsVariable]];
  if (documents === undefined || results === undefined) throw new Error('This is no conformance run');
  return { documents, results };
}

/**
 * Runs the flows of test/flows, and resolves with what was heard of them.
 *
 * @throws DocumentError when a flow fails, or nothing was heard of a file
 */
export async function runTestFlows(documents: string): Promise<readonly Tally[]> {
  const results = await mkdtemp(join(tmpdir(), 'dialops-conformance-'));
  try {
    const files = (await flowFiles()).map((name) => join('test', 'flows', name));
    await run(files, { [documentsVariable]: documents, [resultsVariable]: results });
    return await heardFlows(results);
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}

/**
 * What a run of the flows has left in a folder.
 *
 * @throws DocumentError when nothing was heard of a file
 */
export async function heardFlows(results: string): Promise<readonly Tally[]> {
  return await Promise.all(
    (await flowFiles()).map(async (name) => {
      const tally: Tally | undefined = await readFile(join(results, `${name}.json`), 'utf8').then(
        (text) => JSON.parse(text),
        () => undefined,
      );
      if (tally && tally.exchanges > 0) return tally;
      throw new DocumentError(`${join('test', 'flows', name)}: nothing was heard of its flows`);
    }),
  );
}

/** Names of the files in test/flows that are listened to. */
export async function flowFiles(): Promise<readonly string[]> {
  const folder = join(root, 'test', 'flows');
  const files: string[] = [];
  for (const name of await readdir(folder)) {
    if (name.endsWith('.test.ts') && inProcess.test(await readFile(join(folder, name), 'utf8')))
      files.push(name);
  }
  return files;
}

function run(files: readonly string[], variables: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = [vitest, 'run', '--project', 'flows', '--reporter', 'dot', ...files];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...variables },
      stdio: ['ignore', 2, 2],
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new DocumentError(`The flows of test/flows failed (exit code ${code}), see above`));
    });
  });
}
