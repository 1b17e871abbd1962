import { join } from 'node:path';
import { type BuildOptions, buildControlPlane, missingIn } from './control-plane-build.ts';

/** Absolute paths of the executables of a control plane. */
export interface ControlPlaneBinaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubectl: string;
}

/**
 * The folder in KUBEBUILDER_ASSETS if that is set, else a build from the module in `control-plane/`, kept in a
 * cache outside the checkout.
 *
 * @throws Error naming what is missing and how to get it
 */
export async function findControlPlane(options: BuildOptions): Promise<ControlPlaneBinaries> {
  const assets = options.env.KUBEBUILDER_ASSETS;
  if (assets === undefined || assets === '') return binariesIn(await buildControlPlane(options));
  const missing = await missingIn(assets);
  if (missing.length > 0) {
    throw new Error(
      `KUBEBUILDER_ASSETS is ${assets}, which lacks ${missing.join(', ')}. ` +
        'Put the executable of the same Kubernetes version there (setup-envtest has no ' +
        'kube-controller-manager), or unset KUBEBUILDER_ASSETS to have all of them built.',
    );
  }
  return binariesIn(assets);
}

function binariesIn(folder: string): ControlPlaneBinaries {
  return {
    etcd: join(folder, 'etcd'),
    kubeApiserver: join(folder, 'kube-apiserver'),
    kubeControllerManager: join(folder, 'kube-controller-manager'),
    kubectl: join(folder, 'kubectl'),
  };
}
