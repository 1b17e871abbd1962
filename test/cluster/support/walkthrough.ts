import { execFile } from 'node:child_process';

/** A shell script of a walk-through, with what it says that the script prints. */
export interface WalkthroughStep {
  readonly script: string;
  readonly expected: readonly string[];
  /** Of the heading above it. */
  readonly title: string;
}

/** The ```sh blocks of a page in their order; a quotation below one is part of what it prints. */
export function stepsOf(markdown: string): WalkthroughStep[] {
  const steps: { script: string; expected: string[]; title: string }[] = [];
  let title = '';
  let script: string[] | undefined;
  for (const line of markdown.split('\n')) {
    if (script) {
      if (line === '```') {
        steps.push({ script: script.join('\n'), expected: [], title });
        script = undefined;
      } else script.push(line);
    } else if (line === '```sh') script = [];
    else if (line.startsWith('> ')) steps.at(-1)?.expected.push(line.slice(2));
    else if (line.startsWith('#')) title = line.replace(/^#+ /, '');
  }
  return steps;
}

export interface StepRun {
  readonly code: number;
  /** stdout, then stderr. */
  readonly output: string;
}

export function runStep(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<StepRun> {
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
      { cwd, env, timeout: 120_000 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, output: `${stdout}${stderr}` });
      },
    );
  });
}
