import { afterAll, beforeAll, inject } from 'vitest';
import { accessTo, type ClusterAccess } from './cluster-access.ts';
import { kubectlOutput } from './kubectl.ts';

/** The control plane that all test files share. */
export function testCluster(): ClusterAccess {
  return accessTo(inject('controlPlane'));
}

/**
 * A namespace for the file that calls this at its top level, gone afterwards.
 *
 * @param prefix of its name; the API server adds a random suffix
 * @returns a function that gives the name, to be called inside hooks and tests
 */
export function useNamespace(cluster: ClusterAccess, prefix: string): () => string {
  let name: string | undefined;
  beforeAll(async () => {
    name = await createNamespace(cluster, prefix);
  });
  afterAll(async () => {
    // Without waiting: finalizers of the file under test may need what is gone by now.
    if (name !== undefined)
      await kubectlOutput(cluster.kubectl, [
        'delete',
        'namespace',
        name,
        '--wait=false',
        '--ignore-not-found',
      ]);
  });
  return () => {
    if (name === undefined) throw new Error('the namespace exists only once the hooks have run');
    return name;
  };
}

/** Creates a namespace with a name of its own, and returns that. The caller deletes it. */
export async function createNamespace(cluster: ClusterAccess, prefix: string): Promise<string> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: `${prefix}-` } };
  const args = ['create', '-f', '-', '-o', 'jsonpath={.metadata.name}'];
  return kubectlOutput(cluster.kubectl, args, { input: JSON.stringify(namespace) });
}
