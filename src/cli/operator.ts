import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type ClusterSource, loadKubeConfig } from '../operator/kubernetes/kube-config.ts';
import { createLog } from '../operator/log.ts';
import { runOperator } from '../operator/operator.ts';
import { exitCodeHelp, explain, UsageError } from './exit.ts';
import { type ListenAddress, parseListenAddress } from './listen-address.ts';
import { stopSignal } from './stop-signals.ts';
import { packageVersion } from './version.ts';

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

interface OperatorFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly inCluster: boolean;
  readonly namespace?: string;
  readonly leaseNamespace: string;
  readonly identity: string;
  readonly allowHost: readonly string[];
  readonly allowLoopback: boolean;
  readonly dryRun: boolean;
  readonly healthListen?: ListenAddress;
  readonly logLevel: (typeof levels)[number];
}

const examples = `
Examples:
  In a pod, for all namespaces (this is what a Deployment runs):
    dialops operator --in-cluster --health-listen 0.0.0.0:8081

  On this machine, for one namespace, with a sandbox as its phone system:
    dialops operator --context kind-dialops --namespace acme --lease-namespace acme --allow-loopback

  A phone system at another address than the vendor's:
    dialops operator --in-cluster --allow-host phone.example.com

The resource definitions are in crds/, the rights it needs in charts/dialops/rbac/.`;

export function operatorCommand(): Command {
  return new Command('operator')
    .description(
      'Keeps phone systems equal to the custom resources of a cluster, until SIGINT or SIGTERM. Of several ' +
        'replicas one works, elected by a Lease. Logs are JSON lines on stderr.',
    )
    .option('--kubeconfig <file>', 'kubeconfig (default: KUBECONFIG, ~/.kube/config, then the pod)')
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .addOption(
      new Option('--in-cluster', "use the pod's service account, and nothing else")
        .default(false)
        .conflicts(['kubeconfig', 'context']),
    )
    .option('--namespace <name>', 'work in this namespace only (default: in all)')
    .addOption(
      new Option('--lease-namespace <name>', 'where the Lease of the election stands')
        .env('POD_NAMESPACE')
        .default('dialops-system'),
    )
    .addOption(
      new Option('--identity <name>', 'name of this process in the election, unique')
        .env('POD_NAME')
        .default(`${hostname()}-${randomUUID().slice(0, 8)}`, 'host name and a random part'),
    )
    .addOption(
      new Option(
        '--allow-host <host[:port]>',
        'a host that API keys may be sent to, besides api.8x8.com; repeatable',
      )
        .argParser(addHost)
        .default([], 'none'),
    )
    .option(
      '--allow-loopback',
      'API keys may be sent to this machine, over plain HTTP: for the sandbox',
      false,
    )
    .addOption(
      new Option(
        '--health-listen <host:port>',
        'serve /healthz, /readyz and /metrics (default: not)',
      ).argParser(parseListenAddress),
    )
    .option('--dry-run', 'read and decide, and write nowhere; the log says what would be written', false)
    .addOption(new Option('--log-level <level>', 'the least that is logged').choices(levels).default('info'))
    .addHelpText('after', `${examples}\n${exitCodeHelp}`)
    .action((flags: OperatorFlags) => run(flags));
}

function addHost(text: string, hosts: readonly string[]): readonly string[] {
  if (!/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i.test(text)) {
    throw new InvalidArgumentError(
      'It must be a host, with a port if it is not 443: phone.example.com:8443.',
    );
  }
  return [...hosts, text.toLowerCase()];
}

async function run(flags: OperatorFlags): Promise<void> {
  const cluster = clusterOf(flags);
  try {
    loadKubeConfig(cluster);
  } catch (error) {
    throw new UsageError(explain(error));
  }
  const log = createLog({ level: flags.logLevel, destination: process.stderr });
  const signal = stopSignal();
  log.info('operator starts', { version: packageVersion(), name: flags.identity });
  await runOperator(
    {
      cluster,
      leaseNamespace: flags.leaseNamespace,
      identity: flags.identity,
      allowedHosts: flags.allowHost,
      allowLoopback: flags.allowLoopback,
      dryRun: flags.dryRun,
      log,
      ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
      ...(flags.healthListen === undefined ? {} : { health: flags.healthListen }),
    },
    signal,
  );
  log.info('operator has ended', { name: flags.identity });
}

function clusterOf({ context, inCluster, kubeconfig }: OperatorFlags): ClusterSource {
  if (inCluster) return { kind: 'inCluster' };
  const chosen = context === undefined ? {} : { context };
  return kubeconfig === undefined
    ? { kind: 'default', ...chosen }
    : { kind: 'file', file: kubeconfig, ...chosen };
}
