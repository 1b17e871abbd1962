import { cp, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { untilAborted } from '../../src/cli/stop-signals.ts';
import { startReaper } from '../../test/cluster/reaper.ts';
import { runDialops } from './cli-step.ts';
import { type Bound, consoleChanges, makeChange, readValue } from './console-changes.ts';
import type { DemoOptions } from './options.ts';
import { DemoPhoneSystem } from './phone-system.ts';
import type { Screen } from './screen.ts';
import { writeSecretFiles } from './secrets.ts';

const example = fileURLToPath(new URL('../../examples/acme/', import.meta.url));

/**
 * The same story through the command line alone: files beside a phone system, and nothing that watches them.
 *
 * @throws Error when something does not come out as it should, and the signal's reason when aborted before
 */
export async function runWithoutCluster(
  options: DemoOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  const cleanup = new AsyncDisposableStack();
  try {
    await showAll(options, screen, signal, cleanup);
  } finally {
    await cleanup.disposeAsync();
  }
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

  screen.heading('1. A phone system: the sandbox, a process of its own');
  const phones = await DemoPhoneSystem.start({ folder, reaper }, signal);
  cleanup.defer(() => phones.stop());
  screen.line(
    `  listening at ${phones.endpoint}, with sites, numbers and licences, and nobody but the owner`,
  );

  screen.heading('2. A company of 25 people, as files');
  await copyExample(join(folder, 'company'));
  await writeSecretFiles(join(folder, 'secrets'), phones.apiKey);
  const env = {
    DIALOPS_ENDPOINT: phones.endpoint,
    DIALOPS_API_KEY_FILE: join(folder, 'secrets', 'phone-system-key', 'api-key'),
  };
  const dialops = (args: readonly string[], expected: number, most?: number) =>
    runDialops(args, { cwd: folder, env, screen, signal, expected, ...(most === undefined ? {} : { most }) });
  const secrets = ['--secrets-dir', 'secrets'];
  await dialops(['validate', 'company/'], 0);
  await dialops(['plan', 'company/', ...secrets], 2, 24);

  screen.heading('3. Applied, within the request limits that 8x8 publishes: about a minute');
  await dialops(['apply', 'company/', ...secrets, '--yes'], 0, 12);
  await dialops(['plan', 'company/', ...secrets], 0);

  screen.heading('4. Three people change things in the web console');
  const resources = await appliedResources(join(folder, 'company'));
  for (const change of consoleChanges) {
    const { after, before } = await makeChange(change, phones, resources);
    screen.line(`  ${change.actor}: ${change.what} of ${change.name}: ${before} → ${after}`);
  }
  await dialops(['drift', 'company/', ...secrets, '--show-values'], 2);

  screen.heading('5. Put right');
  await dialops(['apply', 'company/', ...secrets, '--yes'], 0);
  for (const change of consoleChanges) {
    const value = await readValue(change, phones, resources);
    screen.line(`  ${change.what} of ${change.name}: ${value}`);
  }
  await dialops(['drift', 'company/', ...secrets], 0);

  screen.heading('All of it converged.');
  nextSteps(screen, folder, env, options);
  if (options.once) return;
  screen.line('\nThe phone system stays up until Ctrl-C; the files are gone then, too.');
  await untilAborted(signal);
}

async function copyExample(target: string): Promise<void> {
  await mkdir(target);
  const kustomization: { resources: string[] } = parse(
    await readFile(join(example, 'kustomization.yaml'), 'utf8'),
  );
  for (const part of kustomization.resources) await cp(join(example, part), join(target, part));
}

/** What the lock file knows of the account. */
async function appliedResources(company: string): Promise<Bound[]> {
  const lock: {
    resources: { kind: string; metadata: { name: string }; status?: { externalId?: string } }[];
  } = parse(await readFile(join(company, 'dialops.lock.yaml'), 'utf8'));
  return lock.resources.map(({ kind, metadata, status }) => ({
    kind,
    name: metadata.name,
    ...(status?.externalId === undefined ? {} : { externalId: status.externalId }),
  }));
}

function nextSteps(
  screen: Screen,
  folder: string,
  env: Readonly<Record<string, string>>,
  { once }: DemoOptions,
): void {
  if (once) screen.line('Without --once it stays up, and these are worth a try:\n');
  else {
    screen.line('Worth a try in another terminal:\n');
    screen.line(`  cd ${folder}`);
    for (const [name, value] of Object.entries(env)) screen.line(`  export ${name}=${value}`);
    screen.line(`  alias dialops='${fileURLToPath(new URL('../../bin/dialops.cjs', import.meta.url))}'`);
    screen.line();
  }
  screen.line(`  sed -i 's/Accountant/Controller/' company/people/*.yaml; dialops plan company/`);
  screen.line('  dialops import --from-account --out imported');
  screen.line('  dialops explain privilegegrant.sections');
}
