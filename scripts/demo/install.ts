import { fileURLToPath } from 'node:url';
import { installCustomResourceDefinitions } from '../../test/cluster/custom-resource-definitions.ts';
import type { Daemon } from '../../test/cluster/daemon.ts';
import { freePort } from '../../test/cluster/free-port.ts';
import { kubectlOutput } from '../../test/cluster/kubectl.ts';
import type { Reaper } from '../../test/cluster/reaper.ts';
import { applyObjects, type DemoCluster, namespaceObject, overlay } from './cluster.ts';
import { mustRun, startDialops } from './processes.ts';
import { until } from './until.ts';

const rbac = fileURLToPath(new URL('../../charts/dialops/rbac/', import.meta.url));
const crds = fileURLToPath(new URL('../../crds/', import.meta.url));
const READY_TIMEOUT_MS = 30_000;
const PROBE_TIMEOUT_MS = 2_000;
/** Longer than anybody plays with a demo. */
const TOKEN_LIFE = '24h';

/** Resource definitions, namespaces, and the rights that the chart gives. */
export async function install(cluster: DemoCluster): Promise<void> {
  const { companyNamespace, kubectl, operatorNamespace } = cluster;
  await installCustomResourceDefinitions(kubectl);
  await applyObjects(cluster, [namespaceObject(operatorNamespace), namespaceObject(companyNamespace)]);
  await kubectlOutput(kubectl, ['apply', '--server-side', '-k', await rbacOverlay(cluster)]);
}

/** Takes away what `install` made, in a cluster that stays. The operator must still run: it lets resources go. */
export async function uninstallCompany({ companyNamespace, kubectl }: DemoCluster): Promise<void> {
  const args = ['delete', 'namespace', companyNamespace, '--ignore-not-found', '--timeout=120s'];
  await kubectlOutput(kubectl, args, { timeoutMs: 150_000 });
}

/** The rest of it, once the operator has ended. */
export async function uninstall(cluster: DemoCluster): Promise<void> {
  const { companyNamespace, kubectl, operatorNamespace } = cluster;
  const gone = ['--ignore-not-found', '--timeout=120s'];
  const patience = { timeoutMs: 150_000 };
  await kubectlOutput(kubectl, ['delete', '-k', await rbacOverlay(cluster), ...gone], patience);
  await kubectlOutput(
    kubectl,
    ['delete', 'namespace', operatorNamespace, companyNamespace, ...gone],
    patience,
  );
  await kubectlOutput(kubectl, ['delete', '-f', crds, ...gone], patience);
}

function rbacOverlay(cluster: DemoCluster): Promise<string> {
  return overlay(cluster, rbac, { namespace: cluster.operatorNamespace });
}

/** Starts the operator as its own service account, with a token as a pod would have it; resolves when it is ready. */
export async function startOperator(
  cluster: DemoCluster,
  reaper: Reaper,
  signal: AbortSignal,
): Promise<Daemon> {
  const { companyNamespace, kubectl, operatorNamespace } = cluster;
  const account = [
    'create',
    'token',
    'dialops-operator',
    '-n',
    operatorNamespace,
    `--duration=${TOKEN_LIFE}`,
  ];
  const kubeconfig = await cluster.kubeconfigFor((await kubectlOutput(kubectl, account)).trim());
  const health = `127.0.0.1:${await freePort()}`;
  const daemon = await startDialops(
    'operator',
    [
      ...['--kubeconfig', kubeconfig, '--lease-namespace', operatorNamespace, '--health-listen', health],
      ...(cluster.outlivesDemo ? ['--namespace', companyNamespace] : []),
      '--allow-loopback',
    ],
    { folder: cluster.folder, reaper },
  );
  await until(
    'the operator to be ready',
    async () => {
      await mustRun(daemon);
      return (await isReady(`http://${health}/readyz`)) ? true : undefined;
    },
    { signal, timeoutMs: READY_TIMEOUT_MS, intervalMs: 200 },
  );
  return daemon;
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
}
