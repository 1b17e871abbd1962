import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Screen } from './screen.ts';

const launcher = fileURLToPath(new URL('../../bin/dialops.cjs', import.meta.url));

export interface StepOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Exit code. */
  readonly expected: number;
  /** So many lines are shown, from the beginning and the end. Default: all. */
  readonly most?: number;
}

/** Runs a command as a person would, and shows what it prints. @throws Error for another exit code */
export async function runDialops(args: readonly string[], options: StepOptions): Promise<void> {
  const { cwd, env, expected, most = Number.POSITIVE_INFINITY, screen, signal } = options;
  signal.throwIfAborted();
  screen.line(`  $ dialops ${args.join(' ')}`);
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGINT',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  const lines = output.trimEnd().split('\n');
  const shown =
    lines.length <= most
      ? lines
      : [
          ...lines.slice(0, Math.ceil(most / 2)),
          `… ${lines.length - most} lines …`,
          ...lines.slice(-Math.floor(most / 2)),
        ];
  for (const line of shown) screen.line(`    ${line}`);
  screen.line();
  if (code !== expected) throw new Error(`dialops ${args.join(' ')} ended with ${code}:\n${output}`);
}
