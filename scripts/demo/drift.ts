import { systemClock } from '../../src/foundation/clock.ts';
import { kubectlOutput } from '../../test/cluster/kubectl.ts';
import type { DemoCluster } from './cluster.ts';
import { type ConsoleChange, consoleChanges, makeChange, readValue } from './console-changes.ts';
import type { DemoPhoneSystem } from './phone-system.ts';
import { type ResourceShown, readResources } from './resources.ts';
import type { Screen } from './screen.ts';
import { until } from './until.ts';

const TIMEOUT_MS = 3 * 60_000;
const INTERVAL_MS = 1_500;

export interface Stage {
  readonly cluster: DemoCluster;
  readonly phones: DemoPhoneSystem;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Throws when something that must run has ended. */
  readonly check: () => Promise<void>;
}

/** Lets people change three things behind the YAML, shows the drift and who did it, then has it corrected. */
export async function showDrift(stage: Stage, converged: readonly ResourceShown[]): Promise<void> {
  const { phones, screen } = stage;
  screen.heading('Drift is to be shown, not corrected: driftPolicy Report');
  await setDriftPolicy(stage, 'Report');
  screen.heading('Three people change something in the web console');
  const declared = new Map<ConsoleChange, string>();
  const rows: string[][] = [];
  for (const change of consoleChanges) {
    const { after, before } = await makeChange(change, phones, converged);
    if (after === before) throw new Error(`The ${change.what} of ${change.name} did not change`);
    declared.set(change, before);
    rows.push([change.what, change.name, before, after]);
  }
  screen.table(['WHAT', 'OF', 'DECLARED', 'NOW'], rows);
  await askForReconcile(stage);
  await untilDrifted(stage);
  await showEvents(stage);
  screen.heading('Drift is to be corrected: driftPolicy Correct');
  await setDriftPolicy(stage, 'Correct');
  await untilCorrected(stage, declared, converged);
}

async function untilDrifted(stage: Stage): Promise<void> {
  const { screen } = stage;
  screen.heading('The operator has found it (status.drift)');
  const drifted = await waitForResources(stage, 'the drift and its authors to be shown', (resources) => {
    const changed = consoleChanges.flatMap((change) => find(resources, change));
    return changed.every(({ drift }) => drift?.changedBy !== undefined) ? changed : undefined;
  });
  for (const [index, { drift, name }] of drifted.entries()) {
    const { actor, what } = consoleChanges[index] ?? {};
    if (drift?.changedBy !== actor) {
      throw new Error(
        `The ${what} of ${name} was changed by ${actor}, and the status says ${drift?.changedBy}`,
      );
    }
  }
  screen.table(
    ['RESOURCE', 'FIELD', 'CHANGED BY', 'AT'],
    drifted.map(({ drift, kind, name }) => [
      `${kind}/${name}`,
      drift?.fields.join(', ') ?? '',
      drift?.changedBy ?? '',
      drift?.changedAt ?? '',
    ]),
  );
}

/** The same as a person sees it with kubectl. */
async function showEvents({ cluster, screen, signal }: Stage): Promise<void> {
  const args = ['describe', 'userprofile', 'tom-beckett', '-n', cluster.companyNamespace];
  const events = await until(
    'the Event that tells of the drift',
    async () => {
      const description = await kubectlOutput(cluster.kubectl, args);
      const at = description.indexOf('\nEvents:');
      return description.includes('Drifted', Math.max(at, 0)) ? description.slice(at + 1) : undefined;
    },
    { signal, timeoutMs: TIMEOUT_MS, intervalMs: INTERVAL_MS },
  );
  screen.line(`\n  $ kubectl ${args.join(' ')}`);
  for (const line of events.trimEnd().split('\n')) screen.line(`  ${line}`);
}

async function untilCorrected(
  stage: Stage,
  declared: ReadonlyMap<ConsoleChange, string>,
  converged: readonly ResourceShown[],
): Promise<void> {
  const { phones, screen } = stage;
  await waitForResources(stage, 'the drift to be corrected', (resources) => {
    const changed = consoleChanges.flatMap((change) => find(resources, change));
    return changed.every(({ drift, ready }) => ready && drift === undefined) ? changed : undefined;
  });
  const rows: string[][] = [];
  for (const [change, value] of declared) {
    const now = await readValue(change, phones, converged);
    if (now !== value) throw new Error(`The ${change.what} of ${change.name} is "${now}", not "${value}"`);
    rows.push([change.what, change.name, now]);
  }
  screen.line('  Corrected, as the phone system itself says:');
  screen.table(['WHAT', 'OF', 'IN THE PHONE SYSTEM'], rows);
}

async function setDriftPolicy(stage: Stage, driftPolicy: 'Correct' | 'Report'): Promise<void> {
  await patchPhoneSystem(stage, { spec: { driftPolicy } });
  await waitForResources(stage, 'the PhoneSystem to be Ready again', (resources) =>
    resources.find(({ kind, ready }) => kind === 'PhoneSystem' && ready),
  );
}

/** What a person does who does not want to wait for the next look at the account. */
async function askForReconcile(stage: Stage): Promise<void> {
  const now = new Date(systemClock.now()).toISOString();
  await patchPhoneSystem(stage, { metadata: { annotations: { 'dialops.dev/reconcile-requested-at': now } } });
}

async function patchPhoneSystem({ cluster, screen }: Stage, patch: object): Promise<void> {
  const target = ['patch', 'phonesystem', 'default', '-n', cluster.companyNamespace, '--type=merge'];
  const merge = JSON.stringify(patch);
  screen.line(`  $ kubectl ${target.join(' ')} -p '${merge}'`);
  await kubectlOutput(cluster.kubectl, [...target, '-p', merge]);
}

function waitForResources<T>(
  { check, cluster, signal }: Stage,
  what: string,
  pick: (resources: readonly ResourceShown[]) => T | undefined,
): Promise<T> {
  const attempt = async () => {
    await check();
    return pick(await readResources(cluster));
  };
  return until(what, attempt, { signal, timeoutMs: TIMEOUT_MS, intervalMs: INTERVAL_MS });
}

function find(resources: readonly ResourceShown[], change: ConsoleChange): readonly ResourceShown[] {
  return resources.filter(({ kind, name }) => kind === change.kind && name === change.name);
}
