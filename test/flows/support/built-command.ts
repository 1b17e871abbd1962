import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Ended } from './command.ts';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const timeoutMs = 60_000;

export interface RunOptions {
  /** Default: the folder of the package. */
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** dialops as it is installed: built, in a package of its own. */
export class BuiltCommand {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  static async build(): Promise<BuiltCommand> {
    const folder = await mkdtemp(join(tmpdir(), 'dialops-built-'));
    const tsc = join(checkout, 'node_modules', '.bin', 'tsc');
    const project = join(checkout, 'tsconfig.build.json');
    await promisify(execFile)(tsc, ['-p', project, '--outDir', join(folder, 'dist')]);
    for (const part of ['bin', 'crds', 'schemas', 'package.json'])
      await cp(join(checkout, part), join(folder, part), { recursive: true });
    await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'));
    return new BuiltCommand(folder);
  }

  /** For those who start it by themselves, with Node. */
  get executable(): string {
    return join(this.#folder, 'bin', 'dialops.cjs');
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  /** Runs it to its end. */
  run(args: readonly string[], { cwd = this.#folder, env, stdin = '' }: RunOptions = {}): Promise<Ended> {
    const { promise, reject, resolve } = Promise.withResolvers<Ended>();
    const child = spawn(process.execPath, [this.executable, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: 'pipe',
      timeout: timeoutMs,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    // It may end without having read all.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    return promise;
  }
}
