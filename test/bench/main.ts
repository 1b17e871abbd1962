import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type AccountFigures, measureAccount } from './account-figures.ts';
import { fullSize } from './company.ts';
import { type Figures, table } from './report.ts';
import { heapBytesPerResource } from './scenarios/heap.ts';
import { type KubernetesFigures, kubernetesWritesConverged } from './scenarios/kubernetes.ts';

/**
 * `npm run bench`: what the real client, engine and sandbox need on a company of 10,000, in simulated time, and the
 * operator at rest on a real API server. A table on stdout, or with --json one object. docs/performance.md explains
 * the figures. Always exits with 0 once all is measured: a goal that was missed shows in the table.
 */
const parts = {
  complete: () => measureAccount({ size: fullSize, batch: 1_000, planted: 50 }, false, progress('complete')),
  sparse: () => measureAccount({ size: fullSize, batch: 1_000, planted: 50 }, true, progress('sparse')),
  heap: () => heapBytesPerResource(fullSize),
  kubernetes: () => kubernetesWritesConverged(progress('kubernetes')),
};
type Part = keyof typeof parts;

const self = fileURLToPath(import.meta.url);

function progress(name: string): (line: string) => void {
  return (line) => void process.stderr.write(`${name}: ${line}\n`);
}

/** Each part in a process of its own: they share no heap, and use all cores. Resolves with what it printed. */
function measure(part: Part): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--expose-gc', '--max-old-space-size=4096', '--max-semi-space-size=128', self, '--part', part],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`The part ${part} of the benchmark ended with exit code ${code}`));
    });
  });
}

async function measureAll(): Promise<Figures> {
  // The sparse part takes longest: on two cores the others share the second.
  const [sparse, [complete, heap], kubernetes] = await Promise.all([
    measure('sparse'),
    measure('complete').then(async (figures) => [figures, await measure('heap')] as const),
    measure('kubernetes'),
  ]);
  const account: AccountFigures = JSON.parse(complete);
  const sparseAccount: AccountFigures = JSON.parse(sparse);
  const { writes }: KubernetesFigures = JSON.parse(kubernetes);
  return {
    ...account,
    kubernetesWritesConverged: writes,
    heapBytesPerResource: Number(heap),
    sparse: sparseAccount,
  };
}

function isPart(name: string): name is Part {
  return Object.hasOwn(parts, name);
}

const { values } = parseArgs({ options: { json: { type: 'boolean' }, part: { type: 'string' } } });
if (values.part !== undefined) {
  if (!isPart(values.part))
    throw new Error(`There is no part ${values.part}: ${Object.keys(parts).join(', ')}`);
  process.stdout.write(JSON.stringify(await parts[values.part]()));
} else {
  const figures = await measureAll();
  process.stdout.write(`${values.json ? JSON.stringify(figures, undefined, 2) : table(figures)}\n`);
}
