import type { AccountFigures } from './account-figures.ts';
import type { Created } from './scenarios/writes.ts';

/** What is measured with one sort of list rows. */
export interface RowFigures extends AccountFigures {
  /** From the audit log of a real API server, over 60 shortened rounds; renewals of the Lease apart. */
  readonly kubernetesWritesConverged: number;
  readonly heapBytesPerResource: number;
}

/** Everything that `npm run bench -- --json` prints. */
export interface Figures extends RowFigures {
  /** The same with list rows that leave out what GET one shows. */
  readonly sparse: RowFigures;
}

export interface Line {
  readonly figure: string;
  readonly measured: number;
  readonly goal: number;
  /** The measured figure is to be at most the goal, or just that. */
  readonly relation: '≤' | '=';
}

/** Each figure that has a goal; the goals hold for complete rows. */
export function lines(figures: RowFigures): Line[] {
  const { coalesce, create, createSlow, createTail, fullCheck, idleCheck, update } = figures;
  return [
    atMost('fullCheck requests', fullCheck.requests, fullCheck.floor + 5),
    exactly('fullCheck found', fullCheck.found, fullCheck.planted),
    exactly('fullCheck false findings', fullCheck.falseFindings, 0),
    atMost('idleCheck requests', idleCheck.requests, 5),
    atMost('create requests a user', create.requestsPerUser, 1.1),
    ...createLines('create', create, 1.15),
    ...createLines('createSlow', createSlow, 1.35),
    ...createLines('createTail', createTail, 1.2),
    atMost('update requests a user', update.requestsPerUser, 2.15),
    exactly('coalesce writes', coalesce.writes, coalesce.floor),
    exactly('rate limited', figures.rateLimited, 0),
    exactly('phone system writes, converged', figures.phoneSystemWritesConverged, 0),
    exactly('Kubernetes writes, converged', figures.kubernetesWritesConverged, 0),
    atMost('heap bytes a resource', figures.heapBytesPerResource, 8 * 1024),
  ];
}

function createLines(name: string, { floorMinutes, minutes, overInFlight }: Created, times: number): Line[] {
  return [
    atMost(`${name} minutes`, minutes, Math.round(floorMinutes * times * 1000) / 1000),
    exactly(`${name} over in flight`, overInFlight, 0),
  ];
}

function atMost(figure: string, measured: number, goal: number): Line {
  return { figure, measured, goal, relation: '≤' };
}

function exactly(figure: string, measured: number, goal: number): Line {
  return { figure, measured, goal, relation: '=' };
}

export function isReached({ goal, measured, relation }: Line): boolean {
  return relation === '=' ? measured === goal : measured <= goal;
}

/** A table for people: goals with complete rows, the sparse figures beside them. */
export function table(figures: Figures): string {
  const sparse = new Map(lines(figures.sparse).map((line) => [line.figure, line.measured]));
  const rows = lines(figures).map((line) => [
    line.figure,
    String(line.measured),
    `${line.relation} ${line.goal}`,
    isReached(line) ? 'reached' : 'missed',
    String(sparse.get(line.figure) ?? ''),
  ]);
  const all = [['figure', 'measured', 'goal', '', 'sparse rows'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
