import { join } from 'node:path';
import { systemClock } from '../../src/foundation/clock.ts';
import { startControlPlane } from '../../test/cluster/control-plane.ts';
import { kubeconfig } from '../../test/cluster/kubeconfig.ts';
import { kubectlOutput } from '../../test/cluster/kubectl.ts';
import type { DemoCluster } from './cluster.ts';

/** Finds or builds a control plane and starts it on loopback; it ends with the demo, however that ends. */
export async function startOwnCluster(folder: string, log: (line: string) => void): Promise<DemoCluster> {
  const plane = await startControlPlane({ clock: systemClock, log, dir: join(folder, 'control-plane') });
  const { certificateAuthority, server } = plane;
  const companyNamespace = 'acme';
  await kubectlOutput(plane.kubectl, [
    'config',
    'set-context',
    '--current',
    `--namespace=${companyNamespace}`,
  ]);
  return {
    kubectl: plane.kubectl,
    kubeconfig: plane.adminKubeconfig,
    kubectlCommand: plane.kubectlExecutable,
    operatorNamespace: 'dialops-system',
    companyNamespace,
    outlivesDemo: false,
    folder,
    bearerConfig: (token) => kubeconfig({ server, certificateAuthority, token }),
    stop: () => plane.stop(),
  };
}
