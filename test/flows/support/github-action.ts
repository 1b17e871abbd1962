import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { parse } from 'yaml';

/** As GitHub gives it to the expressions of an action. */
export interface ActionContext {
  readonly inputs: Readonly<Record<string, string>>;
  readonly github: Readonly<Record<string, unknown>>;
}

export interface ActionRun {
  /** Names of the steps that ran. */
  readonly ran: readonly string[];
  readonly failed: boolean;
  readonly output: string;
  /** What the job shows below its log. */
  readonly summary: string;
}

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/**
 * Runs the steps of a composite action as a runner does: expressions by GitHub's own evaluator, scripts by
 * `bash -eo pipefail`, a failed step ends the job. Steps that use other actions, or are among `passedOver`, are taken
 * as done.
 */
export async function runAction(
  folder: string,
  context: ActionContext,
  options: { readonly temp: string; readonly env: NodeJS.ProcessEnv; readonly passedOver: readonly string[] },
): Promise<ActionRun> {
  const action: Action = parse(await readFile(join(folder, 'action.yml'), 'utf8'));
  const temp = await mkdtemp(join(options.temp, 'runner-'));
  const defaults = Object.entries(action.inputs).map(([name, input]) => [
    name,
    interpolated(input.default ?? '', { github: context.github }),
  ]);
  const inputs = { ...Object.fromEntries(defaults), ...context.inputs };
  const outputs: Record<string, { outputs: Record<string, string> }> = {};
  const files = { GITHUB_STEP_SUMMARY: join(temp, 'summary'), GITHUB_EVENT_PATH: join(temp, 'event.json') };
  await writeFile(files.GITHUB_STEP_SUMMARY, '');
  await writeFile(files.GITHUB_EVENT_PATH, JSON.stringify(context.github.event));
  const ran: string[] = [];
  let output = '';
  for (const step of action.runs.steps) {
    const contexts = { inputs, github: context.github, steps: outputs };
    const name = step.name ?? step.uses ?? '';
    if (step.run === undefined || options.passedOver.includes(name)) continue;
    if (step.if !== undefined && evaluated(step.if, contexts) !== 'true') continue;
    ran.push(name);
    const outputFile = join(temp, `output-${ran.length}`);
    await writeFile(outputFile, '');
    const env = Object.entries(step.env ?? {}).map(([key, value]) => [key, interpolated(value, contexts)]);
    const ended = await bash(interpolated(step.run, contexts), {
      ...options.env,
      ...files,
      RUNNER_TEMP: temp,
      GITHUB_ACTION_PATH: folder,
      GITHUB_OUTPUT: outputFile,
      ...Object.fromEntries(env),
    });
    output += ended.output;
    if (step.id !== undefined) outputs[step.id] = { outputs: pairs(await readFile(outputFile, 'utf8')) };
    if (ended.code !== 0) {
      return { ran, failed: true, output, summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8') };
    }
  }
  return { ran, failed: false, output, summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8') };
}

/** A script in a shell that stops at its first failure. */
export function bash(
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

function pairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => (line.includes('=') ? [line.split('=', 2)] : [])),
  );
}

function interpolated(text: string, contexts: object): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => evaluated(expression.trim(), contexts));
}

function evaluated(expression: string, contexts: object): string {
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), []).parse();
  const values = JSON.parse(JSON.stringify(contexts), data.reviver);
  return new Evaluator(tree, values).evaluate().coerceString();
}
