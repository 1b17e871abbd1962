import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonArray, isJsonObject, type Json } from '../../src/foundation/json.ts';
import { kubectlAt, kubectlOutput } from '../../test/cluster/kubectl.ts';
import type { DemoCluster } from './cluster.ts';

const rbac = fileURLToPath(new URL('../../charts/dialops/rbac/', import.meta.url));

/**
 * A cluster of the user's own kubeconfig, through the kubectl in PATH. Everything gets names of its own there.
 *
 * @throws Error when there is no such context, the API server does not answer, or dialops is there already
 */
export async function useExistingCluster(context: string, folder: string): Promise<DemoCluster> {
  const kubeconfig = join(folder, 'kubeconfig');
  const suffix = randomBytes(3).toString('hex');
  const companyNamespace = `acme-${suffix}`;
  const cache = join(folder, 'kubectl-cache');
  const view = await readContext(context, cache);
  await writeFile(kubeconfig, view, { mode: 0o600 });
  const kubectl = kubectlAt('kubectl', kubeconfig, cache);
  await refuseIfInstalled(context, kubectl);
  await kubectlOutput(kubectl, ['config', 'set-context', '--current', `--namespace=${companyNamespace}`]);
  return {
    kubectl,
    kubeconfig,
    kubectlCommand: 'kubectl',
    operatorNamespace: `dialops-demo-${suffix}`,
    companyNamespace,
    outlivesDemo: true,
    folder,
    bearerConfig: (token) => JSON.stringify(asBearer(view, token)),
    stop: async () => {},
  };
}

/** The context alone, with its certificates in it. */
async function readContext(context: string, cache: string): Promise<string> {
  // An empty KUBECONFIG counts as unset: kubectl then reads ~/.kube/config.
  const kubectl = kubectlAt('kubectl', process.env.KUBECONFIG ?? '', cache);
  const args = ['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json', `--context=${context}`];
  try {
    return await kubectlOutput(kubectl, args);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error('--context needs kubectl in PATH: https://kubernetes.io/docs/tasks/tools/', {
        cause: error,
      });
    }
    throw new Error(`The context ${context} cannot be used with the kubectl in PATH`, { cause: error });
  }
}

async function refuseIfInstalled(context: string, kubectl: DemoCluster['kubectl']): Promise<void> {
  const names = await kubectlOutput(kubectl, ['get', 'crds', '-o', 'name', '--request-timeout=20s']);
  const ours = names.split('\n').filter((name) => name.endsWith('.dialops.dev'));
  if (ours.length > 0) {
    throw new Error(
      `The cluster ${context} has ${ours.length} resource definitions of dialops.dev already: the demo would take ` +
        'them away at its end, and all resources with them. Choose another cluster, or leave --context out.',
    );
  }
  const present = await kubectlOutput(kubectl, ['get', '-k', rbac, '--ignore-not-found', '-o', 'name']);
  const [role] = present.trim().split('\n');
  if (role) {
    throw new Error(
      `The cluster ${context} has ${role} already: the demo would replace it, and take it away at its end. ` +
        'Choose another cluster, or leave --context out.',
    );
  }
}

/** The same cluster for somebody else: the context's user becomes the bearer of the token. */
function asBearer(view: string, token: string): Json {
  const config: Json = JSON.parse(view);
  if (!isJsonObject(config) || !isJsonArray(config.contexts)) throw new Error('kubectl showed no kubeconfig');
  const [entry] = config.contexts;
  const context = isJsonObject(entry) && isJsonObject(entry.context) ? entry.context : {};
  const name = 'dialops-demo';
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: config.clusters ?? [],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: context.cluster ?? '', user: name } }],
  };
}
