import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Kubectl, kubectlOutput } from '../../test/cluster/kubectl.ts';

/** The cluster that the demo works in, its own or the user's. */
export interface DemoCluster {
  /** As an administrator. */
  readonly kubectl: Kubectl;
  /** For the user to play with; its default namespace is that of the company. */
  readonly kubeconfig: string;
  /** What the user types for kubectl. */
  readonly kubectlCommand: string;
  /** Where the operator's service account and Lease are. */
  readonly operatorNamespace: string;
  /** Where the company's resources are. */
  readonly companyNamespace: string;
  /** Whether the cluster is there after the demo, so that things have to be taken away again. */
  readonly outlivesDemo: boolean;
  /** Temporary files, removed at the end. */
  readonly folder: string;
  /** The text of a kubeconfig for the bearer of a token. */
  bearerConfig(token: string): string;
  /** Ends it, if it is the demo's own. */
  stop(): Promise<void>;
}

/** Writes a kustomization over a folder of the checkout, for `kubectl apply -k`. @returns its folder */
export async function overlay(
  cluster: DemoCluster,
  base: string,
  kustomization: Readonly<Record<string, unknown>>,
): Promise<string> {
  const parent = join(cluster.folder, 'overlays');
  await mkdir(parent, { recursive: true });
  // Kustomize takes relative paths only, and compares them with symbolic links resolved.
  const folder = await realpath(await mkdtemp(join(parent, 'overlay-')));
  const document = { ...kustomization, resources: [relative(folder, await realpath(base))] };
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(document));
  return folder;
}

/** Applies objects that no file holds; Secrets thus never show on a command line. */
export async function applyObjects(cluster: DemoCluster, objects: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await kubectlOutput(cluster.kubectl, ['apply', '--server-side', '-f', '-'], {
    input: JSON.stringify(list),
  });
}

export function namespaceObject(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
