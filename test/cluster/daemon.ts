import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import type { Clock } from '../../src/foundation/clock.ts';
import type { Reaper } from './reaper.ts';

/** How many of its last log lines an error about a daemon carries. */
const LOG_TAIL_LINES = 25;

export interface DaemonOptions {
  /** The name used in messages. */
  readonly name: string;
  readonly executable: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Where stdout and stderr go. */
  readonly logPath: string;
  readonly reaper: Reaper;
  readonly clock: Clock;
}

/** A process of the control plane: started at once, logging to a file, in a process group of its own. */
export class Daemon {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #logPath: string;
  readonly #clock: Clock;
  #ending: string | undefined;

  private constructor(options: DaemonOptions, process: ChildProcess) {
    this.name = options.name;
    this.#logPath = options.logPath;
    this.#clock = options.clock;
    this.#process = process;
    this.#exited = new Promise((resolve) => {
      process.once('error', (error) => {
        this.#ending = `could not be started: ${error.message}`;
        resolve();
      });
      process.once('exit', (code, signal) => {
        this.#ending = `ended with ${signal === null ? `exit code ${code}` : signal}`;
        if (process.pid !== undefined) options.reaper.release(process.pid);
        resolve();
      });
    });
  }

  static async start(options: DaemonOptions): Promise<Daemon> {
    const log = await open(options.logPath, 'a');
    try {
      // Detached: Ctrl-C in a terminal must not end the API server before those who still talk to it.
      const child = spawn(options.executable, options.args, {
        stdio: ['ignore', log.fd, log.fd],
        detached: true,
        ...(options.env ? { env: options.env } : {}),
      });
      if (child.pid !== undefined) options.reaper.guard(child.pid);
      return new Daemon(options, child);
    } finally {
      await log.close();
    }
  }

  /** Why the process is no more, e.g. "ended with exit code 1"; undefined while it runs. */
  get ending(): string | undefined {
    return this.#ending;
  }

  /** The last lines of its log, for error messages. */
  async logTail(): Promise<string> {
    const text = await readFile(this.#logPath, 'utf8').catch(() => '');
    const lines = text.trimEnd().split('\n').slice(-LOG_TAIL_LINES);
    return `--- last lines of ${this.name} ---\n${lines.join('\n')}`;
  }

  /** Asks the process to end, and kills it `graceMs` later if it has not. Safe to call twice. */
  async stop(graceMs: number): Promise<void> {
    if (this.#ending !== undefined) return;
    this.#process.kill('SIGTERM');
    const timer = new AbortController();
    const tooLate = this.#clock.sleep(graceMs, timer.signal).then(
      () => void this.#process.kill('SIGKILL'),
      () => undefined,
    );
    await this.#exited;
    timer.abort();
    await tooLate;
  }
}
