import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kubeconfig } from './kubeconfig.ts';
import { type Kubectl, kubectlAt, kubectlOutput } from './kubectl.ts';

/** What another process needs to use a control plane: plain data. */
export interface ClusterConnection {
  /** e.g. https://127.0.0.1:6443 */
  readonly server: string;
  /** PEM */
  readonly certificateAuthority: string;
  /** Path of the administrator's kubeconfig. */
  readonly adminKubeconfig: string;
  /** Path of the kubectl executable. */
  readonly kubectlExecutable: string;
  /** Where temporary files may go; removed with the control plane. */
  readonly folder: string;
  /** One JSON object (audit.k8s.io/v1 Event) a line; undefined when it was not asked for. */
  readonly auditLogPath?: string;
}

export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

export interface ClusterAccess extends ClusterConnection {
  /** As the administrator, unless told otherwise. */
  readonly kubectl: Kubectl;
  /** A token as a pod of this service account would have it, valid for an hour. */
  mintToken(account: ServiceAccountName): Promise<string>;
  /** Writes a kubeconfig for the bearer of `token`, and returns its path. */
  kubeconfigFor(token: string, namespace?: string): Promise<string>;
}

export function accessTo(connection: ClusterConnection): ClusterAccess {
  const { server, certificateAuthority, folder } = connection;
  const kubectl = kubectlAt(
    connection.kubectlExecutable,
    connection.adminKubeconfig,
    join(folder, 'kubectl-cache'),
  );
  return {
    ...connection,
    kubectl,
    mintToken: async ({ namespace, name }) =>
      (await kubectlOutput(kubectl, ['create', 'token', name, '-n', namespace, '--duration=1h'])).trim(),
    kubeconfigFor: async (token, namespace) => {
      const path = join(await mkdtemp(join(folder, 'identity-')), 'kubeconfig');
      const entry = {
        server,
        certificateAuthority,
        token,
        ...(namespace === undefined ? {} : { namespace }),
      };
      await writeFile(path, kubeconfig(entry), { mode: 0o600 });
      return path;
    },
  };
}
