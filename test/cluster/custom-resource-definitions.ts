import { fileURLToPath } from 'node:url';
import { type Kubectl, kubectlOutput } from './kubectl.ts';

const CRDS_FOLDER = fileURLToPath(new URL('../../crds/', import.meta.url));
const ESTABLISHED_TIMEOUT_S = 60;

/** Installs the definitions in `crds/`, and resolves once the API server serves all of them. */
export async function installCustomResourceDefinitions(kubectl: Kubectl): Promise<void> {
  const names = await kubectlOutput(kubectl, ['apply', '--server-side', '-o=name', '-f', CRDS_FOLDER]);
  await kubectlOutput(
    kubectl,
    [
      'wait',
      '--for=condition=Established',
      `--timeout=${ESTABLISHED_TIMEOUT_S}s`,
      ...names.trim().split('\n'),
    ],
    { timeoutMs: 2 * ESTABLISHED_TIMEOUT_S * 1000 },
  );
}
