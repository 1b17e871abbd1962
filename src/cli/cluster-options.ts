import { type Command, Option } from 'commander';

export interface ClusterFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
}

export function addClusterOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--context <name>',
        "use what a cluster knows of the account, and its key: a context of the kubeconfig; '' is the current one",
      ),
    )
    .addOption(new Option('--kubeconfig <file>', 'kubeconfig (default: KUBECONFIG, then ~/.kube/config)'));
}

/** Does the command line ask for a cluster? */
export function namesCluster({ context, kubeconfig }: ClusterFlags): boolean {
  return context !== undefined || kubeconfig !== undefined;
}
