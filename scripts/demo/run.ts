import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { explain } from '../../src/cli/exit.ts';
import { untilAborted } from '../../src/cli/stop-signals.ts';
import { kubectlOutput } from '../../test/cluster/kubectl.ts';
import { startReaper } from '../../test/cluster/reaper.ts';
import type { DemoCluster } from './cluster.ts';
import { applyCompany } from './company.ts';
import { untilAllReady } from './convergence.ts';
import { showDrift } from './drift.ts';
import { useExistingCluster } from './existing-cluster.ts';
import { install, startOperator } from './install.ts';
import { startOperatorAccess } from './operator-access.ts';
import type { DemoOptions } from './options.ts';
import { startOwnCluster } from './own-cluster.ts';
import { DemoPhoneSystem } from './phone-system.ts';
import { mustRun, stopDialops } from './processes.ts';
import type { Screen } from './screen.ts';
import { uninstall, uninstallCompany } from './uninstall.ts';

/** Something that the demo made is still there; the message says what to do about it. */
export class LeftBehind extends Error {
  override readonly name = 'LeftBehind';
}

/**
 * The whole demo. Whatever it made is gone when this settles, whichever way.
 *
 * @throws LeftBehind when it is not; Error when something does not converge, and the signal's reason when aborted before all was shown
 */
export async function runDemo(options: DemoOptions, screen: Screen, signal: AbortSignal): Promise<void> {
  const cleanup = new AsyncDisposableStack();
  let failure: unknown;
  try {
    await showAll(options, screen, signal, cleanup);
  } catch (error) {
    failure = error;
  }
  const left = await cleanup.disposeAsync().then(
    () => [],
    (error: unknown) => causes(error),
  );
  if (left.length > 0) {
    const lines = [...(failure === undefined ? [] : [failure]), ...left].map(
      (error) => `  ${explain(error)}`,
    );
    throw new LeftBehind(['Not everything that the demo made is gone:', ...lines].join('\n'));
  }
  if (failure !== undefined) throw failure;
}

/** What went wrong, one by one. */
function causes(error: unknown): unknown[] {
  if (error instanceof SuppressedError) return [...causes(error.suppressed), ...causes(error.error)];
  if (error instanceof AggregateError) return error.errors.flatMap(causes);
  return [error];
}

async function showAll(
  options: DemoOptions,
  screen: Screen,
  signal: AbortSignal,
  cleanup: AsyncDisposableStack,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dialops-demo-'));
  const reaper = startReaper(folder);
  cleanup.defer(() => reaper.finish());

  screen.heading('1. A Kubernetes cluster');
  const log = (line: string) => screen.line(`  ${line}`);
  const { context } = options;
  const cluster =
    context === undefined ? await startOwnCluster(folder, log) : await useExistingCluster(context, folder);
  cleanup.defer(() => cluster.stop());
  signal.throwIfAborted();

  screen.heading('2. A phone system: the sandbox, a process of its own');
  const phones = await DemoPhoneSystem.start({ folder, reaper }, signal);
  cleanup.defer(() => phones.stop());
  log(`listening at ${phones.endpoint}, with sites, numbers and licences, and nobody but the owner`);

  screen.heading('3. Resource definitions, and the operator as an unprivileged service account');
  if (cluster.outlivesDemo) {
    cleanup.defer(() => uninstall(cluster));
  }
  await install(cluster);
  const access = await startOperatorAccess(cluster, (error) =>
    log(`the operator's token was not made anew, and is tried again: ${explain(error)}`),
  );
  cleanup.defer(() => access.stop());
  const operator = await startOperator(cluster, access.file, reaper, signal);
  cleanup.defer(() => stopDialops(operator));
  if (cluster.outlivesDemo) {
    cleanup.defer(async () => {
      log('taking everything out of the cluster again …');
      if (operator.ending === undefined) await uninstallCompany(cluster);
    });
  }
  log(
    `system:serviceaccount:${cluster.operatorNamespace}:dialops-operator, rights as in charts/dialops/rbac`,
  );

  const check = async () => {
    await mustRun(operator);
    await phones.mustRun();
  };
  screen.heading('4. A company of 25 people');
  await applyCompany(cluster, phones, screen);
  const converged = await untilAllReady(cluster, screen, signal, check);
  screen.line();
  const table = ['get', 'dialops', '-n', cluster.companyNamespace];
  log(`$ kubectl ${table.join(' ')}`);
  for (const line of (await kubectlOutput(cluster.kubectl, table)).trimEnd().split('\n')) log(line);

  await showDrift({ cluster, phones, screen, signal, check }, converged);

  screen.heading('All of it converged.');
  nextSteps(cluster, screen, options);
  if (options.once) return;
  screen.line('\nEverything stays up until Ctrl-C, and is gone then.');
  await untilAborted(signal);
}

function nextSteps(cluster: DemoCluster, screen: Screen, { once }: DemoOptions): void {
  const { companyNamespace, kubeconfig, kubectlCommand } = cluster;
  if (once) screen.line('Without --once it stays up, and these are worth a try:\n');
  else {
    screen.line('Worth a try in another terminal:\n');
    screen.line(`  export KUBECONFIG=${kubeconfig}`);
    // The demo's own kubectl has a path that nobody wants to read three times.
    if (isAbsolute(kubectlCommand)) screen.line(`  export PATH=${dirname(kubectlCommand)}:$PATH`);
    screen.line();
  }
  const kubectl = `kubectl -n ${companyNamespace}`;
  screen.line(`  ${kubectl} describe portingorder front-desk-numbers`);
  screen.line(
    `  ${kubectl} patch userprofile tom-beckett --type=merge -p '{"spec":{"jobTitle":"Controller"}}'`,
  );
  screen.line(`  ${kubectl} explain privilegegrant.spec`);
}
