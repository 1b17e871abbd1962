import { fileURLToPath } from 'node:url';
import { kubectlOutput } from '../../test/cluster/kubectl.ts';
import type { DemoCluster } from './cluster.ts';
import { rbacOverlay } from './install.ts';

const crds = fileURLToPath(new URL('../../crds/', import.meta.url));
const GONE_TIMEOUT_S = 120;
/** An operator that works lets a company go within seconds. */
const LET_GO_TIMEOUT_S = 60;

/**
 * Takes the company away, in a cluster that stays. The operator must still run: it lets its resources go. What it does
 * not let go, because it is no more, `uninstall` does.
 */
export async function uninstallCompany({ companyNamespace, kubectl }: DemoCluster): Promise<void> {
  await kubectl(deletion(LET_GO_TIMEOUT_S, 'namespace', companyNamespace), patience(LET_GO_TIMEOUT_S));
}

/**
 * Takes away all that `install` made, once the operator has ended. Each step is taken whatever became of the others.
 *
 * @throws AggregateError of what could not be taken away
 */
export async function uninstall(cluster: DemoCluster): Promise<void> {
  const { companyNamespace, kubectl, operatorNamespace } = cluster;
  const remove = (...what: readonly string[]) =>
    kubectlOutput(kubectl, deletion(GONE_TIMEOUT_S, ...what), patience(GONE_TIMEOUT_S));
  const steps: readonly (() => Promise<unknown>)[] = [
    () => letGo(cluster),
    async () => remove('-k', await rbacOverlay(cluster)),
    () => remove('namespace', operatorNamespace, companyNamespace),
    () => remove('-f', crds),
  ];
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be taken away');
}

/** Nobody is left to answer the finalizers; the phone system that they are for goes away as well. */
async function letGo({ companyNamespace, kubectl }: DemoCluster): Promise<void> {
  const { exitCode, stdout } = await kubectl(['get', 'dialops', '-n', companyNamespace, '-o', 'name']);
  const names = exitCode === 0 ? stdout.trim().split('\n').filter(Boolean) : [];
  const patch = ['--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
  for (const name of names) {
    const result = await kubectl(['patch', name, '-n', companyNamespace, ...patch]);
    if (result.exitCode !== 0 && !result.stderr.includes('NotFound')) throw new Error(result.stderr.trim());
  }
}

function deletion(timeoutS: number, ...what: readonly string[]): string[] {
  return ['delete', ...what, '--ignore-not-found', `--timeout=${timeoutS}s`];
}

/** kubectl itself gives up first, and says on what. */
function patience(timeoutS: number): { readonly timeoutMs: number } {
  return { timeoutMs: (timeoutS + 30) * 1000 };
}
