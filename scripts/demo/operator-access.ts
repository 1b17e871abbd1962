import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/foundation/clock.ts';
import { isJsonObject, type Json } from '../../src/foundation/json.ts';
import { kubectlOutput } from '../../test/cluster/kubectl.ts';
import type { DemoCluster } from './cluster.ts';
import { type IssuedToken, keepTokenValid } from './token-renewal.ts';

/** What is asked for; an API server may give less. */
const TOKEN_LIFE = '24h';

export interface OperatorAccess {
  /** A kubeconfig for the operator's service account; its token is made anew in time. */
  readonly file: string;
  stop(): Promise<void>;
}

/** The operator reads the file again when the API server refuses its token, as it does with a pod's. */
export async function startOperatorAccess(
  cluster: DemoCluster,
  onError: (error: unknown) => void,
): Promise<OperatorAccess> {
  const folder = await mkdtemp(join(cluster.folder, 'operator-'));
  const file = join(folder, 'kubeconfig');
  const store = async (token: string): Promise<void> => {
    const next = `${file}.next`;
    await writeFile(next, cluster.bearerConfig(token), { mode: 0o600 });
    // In one step: whoever reads it meanwhile gets the old one or the new one.
    await rename(next, file);
  };
  const issue = () => issueToken(cluster);
  return { file, stop: await keepTokenValid({ issue, store, clock: systemClock, onError }) };
}

async function issueToken({ kubectl, operatorNamespace }: DemoCluster): Promise<IssuedToken> {
  const args = ['create', 'token', 'dialops-operator', '-n', operatorNamespace, `--duration=${TOKEN_LIFE}`];
  const request: Json = JSON.parse(await kubectlOutput(kubectl, [...args, '-o', 'json']));
  const status = isJsonObject(request) && isJsonObject(request.status) ? request.status : {};
  const { expirationTimestamp, token } = status;
  if (typeof token !== 'string' || typeof expirationTimestamp !== 'string')
    throw new Error('kubectl create token showed no token');
  return { token, expiresAt: Date.parse(expirationTimestamp) };
}
