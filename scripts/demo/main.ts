/** `npm run demo`: custom resources in a real Kubernetes, kept equal to a phone system. `--help` says more. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { explain } from '../../src/cli/exit.ts';
import { stopSignal } from '../../src/cli/stop-signals.ts';
import { type DemoOptions, parseOptions, usage } from './options.ts';
import { LeftBehind, runDemo } from './run.ts';
import { Screen } from './screen.ts';
import { runWithoutCluster } from './without-cluster.ts';

const preflight = fileURLToPath(new URL('../preflight.cjs', import.meta.url));
const INTERRUPTED = 130;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: DemoOptions;
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n\n${usage}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (options.context !== undefined && !options.yes) {
    process.stderr.write(
      `The demo would work in the cluster of your context ${options.context}: it installs resource definitions, ` +
        'cluster roles and two namespaces, and takes them away at its end. If that is fine, add --yes.\n',
    );
    return 2;
  }
  if (spawnSync(process.execPath, [preflight], { stdio: 'inherit' }).status !== 0) return 1;
  // A cluster that is there needs no Go.
  const missing = options.context === undefined && !options.noCluster ? whatBuildLacks() : undefined;
  if (missing !== undefined) {
    process.stderr.write(
      `${missing}\nSo this is the same story without Kubernetes, through the command line alone.\n`,
    );
  }
  const run = options.noCluster || missing !== undefined ? runWithoutCluster : runDemo;
  const stop = stopSignal();
  try {
    await run(options, new Screen(process.stdout), stop);
    return 0;
  } catch (error) {
    if (stop.aborted && !(error instanceof LeftBehind)) return INTERRUPTED;
    process.stderr.write(`\nThe demo ended early: ${explain(error)}\n`);
    return 1;
  }
}

/** What is missing to build a control plane; undefined when nothing is. */
function whatBuildLacks(): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, [preflight, '--go'], { encoding: 'utf8' });
  return status === 0 ? undefined : stderr.trim();
}
