import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type AccountFigures, measureAccount } from './account-figures.ts';
import { fullSize } from './company.ts';
import { type Figures, table } from './report.ts';
import { heapBytesPerResource } from './scenarios/heap.ts';
import { type KubernetesFigures, kubernetesWritesConverged, type RowStyle } from './scenarios/kubernetes.ts';
import { tails } from './scenarios/tails.ts';

/**
 * `npm run bench`: what the real client, engine and sandbox need on a company of 10,000, in simulated time, and the
 * operator at rest on a real API server. A table on stdout, or with --json one object. docs/performance.md explains
 * the figures. Always exits with 0 once all is measured: a goal that was missed shows in the table.
 */
const plan = { size: fullSize, batch: 1_000, planted: 50 };
const parts = {
  complete: () => measureAccount(plan, false, progress('complete')),
  sparse: () => measureAccount(plan, true, progress('sparse')),
  heap: () => heapBytesPerResource(fullSize, false),
  heapSparse: () => heapBytesPerResource(fullSize, true),
  kubernetes: () => kubernetesWritesConverged(progress('kubernetes')),
  // By itself only: what the luck of one seed is worth.
  tails: () => tails(plan.batch),
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

/** So many at a time as there are cores, in this order. */
async function measureInTurn(turn: readonly Part[]): Promise<Partial<Record<Part, string>>> {
  const results: Partial<Record<Part, string>> = {};
  const waiting = [...turn];
  const work = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) results[part] = await measure(part);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

async function measureAll(): Promise<Figures> {
  // What takes longest begins first. The control plane waits most of its time, and takes no core of its own.
  const [results, kubernetes] = await Promise.all([
    measureInTurn(['sparse', 'complete', 'heapSparse', 'heap']),
    measure('kubernetes'),
  ]);
  const writes: Record<RowStyle, KubernetesFigures> = JSON.parse(kubernetes);
  const complete: AccountFigures = JSON.parse(results.complete ?? '');
  const sparse: AccountFigures = JSON.parse(results.sparse ?? '');
  return {
    ...complete,
    kubernetesWritesConverged: writes.complete.writes,
    heapBytesPerResource: Number(results.heap),
    sparse: {
      ...sparse,
      kubernetesWritesConverged: writes.sparse.writes,
      heapBytesPerResource: Number(results.heapSparse),
    },
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
