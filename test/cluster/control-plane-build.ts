import { spawn } from 'node:child_process';
import { access, constants, glob, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/foundation/clock.ts';
import { acquireBuildLock } from './build-lock.ts';
import { type ControlPlaneSource, readSource, SOURCE_FOLDER } from './control-plane-source.ts';

const PROGRESS_EVERY_MS = 10_000;
/** A cold build on two slow cores, module download included, stays well under this. */
const BUILD_DEADLINE_MS = 30 * 60_000;

const BINARY_NAMES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'] as const;

export interface BuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Gets one line of progress at a time. */
  readonly log: (line: string) => void;
}

/** The folder with the executables, built if the cache does not hold them yet. */
export async function buildControlPlane({ env, clock, log }: BuildOptions): Promise<string> {
  const source = await readSource(process.platform, process.arch);
  const cache = cacheFolder(env);
  const result = join(cache, source.cacheKey);
  if ((await missingIn(result)).length === 0) return result;

  await mkdir(cache, { recursive: true });
  const lock = await acquireBuildLock(`${result}.lock`, { clock, log, deadlineMs: BUILD_DEADLINE_MS });
  try {
    if ((await missingIn(result)).length === 0) return result;
    await removeLeftovers(cache, source.cacheKey);
    const draft = await mkdtemp(join(cache, `building-${source.cacheKey}-`));
    try {
      await compile(source, draft, { env, clock, log });
      await rm(result, { recursive: true, force: true });
      await rename(draft, result);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    return result;
  } finally {
    await lock.release();
  }
}

/** Names of the executables that `folder` lacks. */
export async function missingIn(folder: string): Promise<string[]> {
  const present = await Promise.all(
    BINARY_NAMES.map((name) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return BINARY_NAMES.filter((_, index) => present[index] !== true);
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME;
  return join(
    base === undefined || base === '' ? join(homedir(), '.cache') : base,
    'dialops',
    'control-plane',
  );
}

/** What a builder left that was killed half-way. */
async function removeLeftovers(cache: string, key: string): Promise<void> {
  for await (const name of glob(`building-${key}-*`, { cwd: cache })) {
    await rm(join(cache, name), { recursive: true, force: true });
  }
}

async function compile(source: ControlPlaneSource, folder: string, options: BuildOptions): Promise<void> {
  const { clock, log } = options;
  const started = clock.now();
  log(`control plane: building Kubernetes ${source.kubernetesVersion}, once; the first time takes minutes`);
  for (const [index, name] of BINARY_NAMES.entries()) {
    const step = `control plane: building ${name} (${index + 1} of ${BINARY_NAMES.length})`;
    log(step);
    const finished = new AbortController();
    const progress = reportProgress(step, started, clock, log, finished.signal);
    try {
      await goBuild(source, name, folder, options.env);
    } finally {
      finished.abort();
      await progress;
    }
  }
  log(`control plane: built in ${elapsed(started, clock)}`);
}

async function reportProgress(
  step: string,
  started: number,
  clock: Clock,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(PROGRESS_EVERY_MS, signal).catch(() => undefined);
    if (!signal.aborted) log(`${step}: ${elapsed(started, clock)} so far`);
  }
}

function elapsed(started: number, clock: Clock): string {
  return `${Math.round((clock.now() - started) / 1000)} s`;
}

/** Go's own settings (GOPROXY, GOFLAGS, …) come from the environment as they are. */
function goBuild(
  source: ControlPlaneSource,
  name: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['build', '-ldflags', source.ldflags, '-o', join(folder, name), `./cmd/${name}`];
    const child = spawn('go', args, {
      cwd: SOURCE_FOLDER,
      env: { ...env, GOOS: source.goos, GOARCH: source.goarch },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: BUILD_DEADLINE_MS,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.once('error', (error) => {
      reject(
        new Error(
          `The control plane of the tests is built with Go, and "go" could not be run (${error.message}). ` +
            'Install Go (https://go.dev/dl/), or set KUBEBUILDER_ASSETS to a folder that holds ' +
            `${BINARY_NAMES.join(', ')}.`,
        ),
      );
    });
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const how = signal === null ? `exit code ${code}` : signal;
      reject(
        new Error(`go build of ${name} failed (${how}):\n${stderr.trim().split('\n').slice(-40).join('\n')}`),
      );
    });
  });
}
