import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** End when everything has been shown, instead of staying up. */
  readonly once: boolean;
  /** A context of the user's own kubeconfig; left out: a control plane of the demo's own. */
  readonly context?: string;
  /** The user agrees that the demo works in that cluster. */
  readonly yes: boolean;
  /** The same story through the command line alone. */
  readonly noCluster: boolean;
  readonly help: boolean;
}

export const usage = `Usage: npm run demo -- [--once] [--context NAME --yes | --no-cluster]

  --once          end when all has been shown; the exit code is 0 only if everything converged
  --context NAME  use this cluster of your kubeconfig instead of a control plane of the demo's own;
                  one that has dialops' resource definitions already is refused
  --yes           yes, in that cluster; what the demo makes there is gone afterwards
  --no-cluster    the command line alone, without Kubernetes: also what happens where there is no Go
  --help          this text`;

/** Throws a TypeError that names the argument that it doesn't know. */
export function parseOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      context: { type: 'string' },
      yes: { type: 'boolean', default: false },
      'no-cluster': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { context, help, once, yes, 'no-cluster': noCluster } = values;
  if (noCluster && context !== undefined) throw new TypeError('--no-cluster goes without --context');
  // kubectl would take it for the current context: a variable that is not set must not choose a cluster.
  if (context === '') throw new TypeError('--context needs the name of a context of your kubeconfig');
  return { once, yes, help, noCluster, ...(context === undefined ? {} : { context }) };
}
