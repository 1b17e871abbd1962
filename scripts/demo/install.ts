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
const READY_TIMEOUT_MS = 30_000;
const PROBE_TIMEOUT_MS = 2_000;

/** Resource definitions, namespaces, and the rights that the chart gives. */
export async function install(cluster: DemoCluster): Promise<void> {
  const { companyNamespace, kubectl, operatorNamespace } = cluster;
  await installCustomResourceDefinitions(kubectl);
  await applyObjects(cluster, [namespaceObject(operatorNamespace), namespaceObject(companyNamespace)]);
  await kubectlOutput(kubectl, ['apply', '--server-side', '-k', await rbacOverlay(cluster)]);
}

/** The rights that the chart gives, in the demo's own namespace. */
export function rbacOverlay(cluster: DemoCluster): Promise<string> {
  return overlay(cluster, rbac, { namespace: cluster.operatorNamespace });
}

/** Starts the operator as its own service account; resolves when it is ready. */
export async function startOperator(
  cluster: DemoCluster,
  kubeconfig: string,
  reaper: Reaper,
  signal: AbortSignal,
): Promise<Daemon> {
  const { companyNamespace, operatorNamespace } = cluster;
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
