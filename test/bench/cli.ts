import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { seedCompany } from '../../src/sandbox/company.ts';
import { BuiltCommand } from '../flows/support/built-command.ts';

/**
 * `npm run bench:cli`: what the built command needs on 10,000 documents, beside kubeconform where KUBECONFORM names its
 * executable, and for plan, import and drift of 10,000 users. One JSON object; docs/performance.md explains it. Times depend on the machine,
 * so that the ratio is what counts.
 */
const documents = 10_000;
const perFile = 100;
const runs = 5;

/** The same company as the sandbox makes of this number of users. */
const site = seedCompany({ users: documents, seed: 1 }).sites[0]?.name ?? '';

interface Measured {
  readonly seconds: number;
  /** Most that it held in memory, MiB. */
  readonly peakMiB: number;
  readonly code: number | null;
}

/** Runs it to its end, in a process of its own. */
async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Measured> {
  const began = performance.now();
  const child = spawn(command, [...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  let peakMiB = 0;
  const looking = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
    if (peak !== undefined) peakMiB = Math.round(Number(peak) / 1_024);
  }, 20);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(looking);
  return { seconds: (performance.now() - began) / 1_000, peakMiB, code };
}

/** Of each of these the run in the middle. They take turns: how fast a machine is changes from minute to minute. */
async function medians(measures: readonly (() => Promise<Measured>)[]): Promise<Measured[]> {
  const all: Measured[][] = measures.map(() => []);
  for (let turn = 0; turn < runs; turn++) {
    for (const [index, measure] of measures.entries()) all[index]?.push(await measure());
  }
  return all.map(middleOf);
}

function middleOf(all: readonly Measured[]): Measured {
  const [middle] = all.toSorted((a, b) => a.seconds - b.seconds).slice(Math.floor(all.length / 2));
  if (!middle) throw new Error('nothing was measured');
  return { seconds: Math.round(middle.seconds * 1_000) / 1_000, peakMiB: middle.peakMiB, code: middle.code };
}

function profile(index: number): object {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'UserProfile',
    metadata: { name: `user-${index}` },
    spec: {
      firstName: 'Jane',
      lastName: 'Example',
      email: `user-${index}@example.com`,
      site: { name: site },
      status: 'Active',
      locale: 'en-US',
      jobTitle: 'Engineer',
      department: 'Operations',
    },
  };
}

async function writeDocuments(folder: string): Promise<void> {
  await mkdir(folder);
  for (let from = 0; from < documents; from += perFile) {
    const texts = Array.from({ length: perFile }, (_, index) => stringify(profile(from + index)));
    await writeFile(join(folder, `people-${from}.yaml`), texts.join('---\n'));
  }
}

async function measureAll(folder: string, executable: string): Promise<object> {
  const files = join(folder, 'company');
  await writeDocuments(files);
  const dialops = (...args: readonly string[]) => run(process.execPath, [executable, ...args]);
  const schemas = new URL('../../schemas/', import.meta.url).pathname;
  const kubeconform = process.env.KUBECONFORM;
  const location = `${schemas}{{ .ResourceKind }}.schema.json`;
  const [help, validate, theirs] = await medians([
    () => dialops('--help'),
    () => dialops('validate', files),
    ...(kubeconform === undefined
      ? []
      : [() => run(kubeconform, ['-schema-location', location, '-strict', files])]),
  ]);
  if (!help || !validate) throw new Error('nothing was measured');
  return {
    help: { ...help, goalSeconds: 0.15 },
    validate: { documents, ...validate },
    ...(theirs === undefined
      ? { kubeconform: 'not measured: KUBECONFORM names no executable' }
      : {
          kubeconform: theirs,
          ratio: Math.round((validate.seconds / theirs.seconds) * 100) / 100,
          goalRatio: 1,
        }),
    ...(await measureAccount(folder, files, executable)),
  };
}

const limits = { requestsPerMinute: 60_000, burstRequests: 10_000 };

/** A plan that makes all of them, in an account as large; then the import of that account, and the drift of what it wrote. */
async function measureAccount(folder: string, files: string, executable: string): Promise<object> {
  const key = join(folder, 'key');
  await writeFile(key, 'a-key-for-the-benchmark');
  const company = [
    '--users',
    String(documents),
    '--listen',
    '127.0.0.1:0',
    '--api-key-file',
    key,
    '--unlimited',
  ];
  const sandbox = spawn(process.execPath, [executable, 'sandbox', ...company], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const endpoint = await new Promise<string>((resolve, reject) => {
      let said = '';
      sandbox.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /endpoint (\S+),/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      sandbox.once('close', () => reject(new Error(`The sandbox ended: ${said}`)));
    });
    const env = { DIALOPS_API_KEY_FILE: key, DIALOPS_ENDPOINT: endpoint, XDG_CONFIG_HOME: folder };
    const dialops = (...args: readonly string[]) => run(process.execPath, [executable, ...args], env);
    const system = {
      apiVersion: 'dialops.dev/v1alpha1',
      kind: 'PhoneSystem',
      metadata: { name: 'default' },
      spec: { endpoint, apiKeySecretRef: { name: 'phone', key: 'key' }, limits },
    };
    await writeFile(join(files, 'phone-system.yaml'), stringify(system));
    const plan = await dialops('plan', files, '-o', 'json');
    const imported = join(folder, 'imported');
    // Nothing but the published limits is known before there are files: it waits for most of its time.
    const taken = await dialops('import', '--from-account', '--out', imported);
    await writeFile(join(imported, 'phone-system.yaml'), stringify(system));
    const drift = await dialops('drift', imported, '-o', 'json');
    const goalMiB = 1_024;
    return {
      plan: { users: documents, ...rounded(plan), goalMiB },
      import: { users: documents, ...rounded(taken) },
      drift: { users: documents, ...rounded(drift), goalMiB },
    };
  } finally {
    sandbox.kill();
  }
}

function rounded({ code, peakMiB, seconds }: Measured): Measured {
  return { seconds: Math.round(seconds * 10) / 10, peakMiB, code };
}

const folder = await mkdtemp(join(tmpdir(), 'dialops-bench-'));
const built = await BuiltCommand.build();
try {
  process.stdout.write(`${JSON.stringify(await measureAll(folder, built.executable), undefined, 2)}\n`);
} finally {
  await built.remove();
  await rm(folder, { recursive: true, force: true });
}
