import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const launcher = fileURLToPath(new URL('../../../bin/dialops.cjs', import.meta.url));
const running = new Set<ChildProcess>();

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way, as a person started it. */
export class Command {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#child = child;
    running.add(child);
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        running.delete(child);
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr += chunk;
    });
  }

  /** The first group of the pattern, once stderr shows it. */
  says(pattern: RegExp): Promise<string> {
    return this.#awaitOutput(this.#child.stderr, () => pattern.exec(this.#stderr), pattern);
  }

  /** The first group of the pattern, once stdout shows it. */
  prints(pattern: RegExp): Promise<string> {
    return this.#awaitOutput(this.#child.stdout, () => pattern.exec(this.#stdout), pattern);
  }

  #awaitOutput(
    stream: Readable | null,
    find: () => RegExpExecArray | null,
    pattern: RegExp,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found) resolve(found[1] ?? found[0]);
      };
      stream?.on('data', look);
      look();
      this.ended.then(
        ({ code, stderr }) => reject(new Error(`ended with ${code} before ${pattern}: ${stderr}`)),
        reject,
      );
    });
  }

  /** What it has said so far. */
  get stderr(): string {
    return this.#stderr;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

/** Node with these arguments. */
export function nodeCommand(args: readonly string[], env?: NodeJS.ProcessEnv): Command {
  return new Command(args, env);
}

/** Runs dialops to its end. */
export function dialops(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  return startDialops(args, env).ended;
}

export function startDialops(args: readonly string[], env?: NodeJS.ProcessEnv): Command {
  return nodeCommand([launcher, ...args], env);
}

export async function stop(command: Command): Promise<Ended> {
  command.signal('SIGTERM');
  return await command.ended;
}

/** What a test left running. */
export function killCommands(): void {
  for (const child of running) child.kill('SIGKILL');
}
