import { systemClock } from '../../src/foundation/clock.ts';
import type { DemoCluster } from './cluster.ts';
import { type ResourceShown, readResources } from './resources.ts';
import { columns, type Screen } from './screen.ts';
import { until } from './until.ts';

const TIMEOUT_MS = 10 * 60_000;
/** When all that is left waits for a person this long, waiting longer is in vain. */
const STALLED_MS = 45_000;
const INTERVAL_MS = 1_500;
/** Without a terminal: silence longer than this gets a line that says what is waited for. */
const SILENCE_MS = 20_000;
const order = ['PhoneSystem', 'UserProfile', 'Extension', 'PrivilegeGrant', 'PortingOrder'];

/**
 * Shows resources becoming Ready until all are: a table that is redrawn on a terminal, else a line for each as it
 * becomes Ready.
 *
 * @param check is called in between, and throws when waiting makes no sense any more
 * @throws Error that names the resources that are not Ready, at the deadline or when nothing moves
 */
export async function untilAllReady(
  cluster: DemoCluster,
  screen: Screen,
  signal: AbortSignal,
  check: () => Promise<void>,
): Promise<readonly ResourceShown[]> {
  const started = systemClock.now();
  const seconds = () => Math.round((systemClock.now() - started) / 1000);
  const teller = new Teller(screen);
  let resources: readonly ResourceShown[] = [];
  let movedAt = started;
  const attempt = async () => {
    await check();
    const before = resources;
    resources = await readResources(cluster);
    if (digest(before) !== digest(resources)) movedAt = systemClock.now();
    if (screen.isTerminal) screen.redraw(progress(resources, seconds()));
    else teller.tell(resources, seconds());
    const open = resources.filter(({ ready }) => !ready);
    if (resources.length > 0 && open.length === 0) return resources;
    const hopeless = open.length > 0 && open.every(({ stalled }) => stalled);
    if (hopeless && systemClock.now() - movedAt > STALLED_MS) throw new Error(complaint(open));
    return undefined;
  };
  try {
    return await until('all resources to become Ready', attempt, {
      signal,
      timeoutMs: TIMEOUT_MS,
      intervalMs: INTERVAL_MS,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    const open = resources.filter(({ ready }) => !ready);
    throw open.length === 0 ? error : new Error(complaint(open), { cause: error });
  }
}

function progress(resources: readonly ResourceShown[], seconds: number): string[] {
  const rows = order.map((kind) => {
    const all = resources.filter((resource) => resource.kind === kind);
    const open = all.filter(({ ready }) => !ready);
    const reasons = [...new Set(open.map(({ reason }) => reason))].sort();
    return [
      kind,
      `${all.length - open.length}/${all.length}`,
      bar(all.length - open.length, all.length),
      reasons.join(', '),
    ];
  });
  return columns([['KIND', 'READY', '', `${seconds} s`], ...rows]).map((line) => `  ${line}`);
}

function bar(done: number, all: number): string {
  const width = 20;
  const filled = all === 0 ? 0 : Math.floor((done / all) * width);
  return `[${'='.repeat(filled)}${' '.repeat(width - filled)}]`;
}

/** Lines for those that became Ready since the call before, or one about the rest after a long silence. */
class Teller {
  readonly #screen: Screen;
  readonly #told = new Set<string>();
  #spokeAt = systemClock.now();

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  tell(resources: readonly ResourceShown[], seconds: number): void {
    for (const { kind, name, ready, reason } of resources) {
      const key = `${kind}/${name}`;
      if (!ready || this.#told.has(key)) continue;
      this.#told.add(key);
      this.#say(resources, seconds, `${key}  Ready: ${reason}`);
    }
    if (systemClock.now() - this.#spokeAt < SILENCE_MS) return;
    const open = resources.filter(({ ready }) => !ready);
    const some = open.slice(0, 3).map(({ kind, name, reason }) => `${kind}/${name} (${reason})`);
    const more = open.length > some.length ? ` and ${open.length - some.length} more` : '';
    this.#say(resources, seconds, `still waiting for ${some.join(', ')}${more}`);
  }

  #say(resources: readonly ResourceShown[], seconds: number, text: string): void {
    const count = `${this.#told.size}/${resources.length}`.padStart(7);
    this.#screen.line(`  ${String(seconds).padStart(4)} s ${count}  ${text}`);
    this.#spokeAt = systemClock.now();
  }
}

function digest(resources: readonly ResourceShown[]): string {
  return resources.map(({ kind, name, ready, reason }) => `${kind}/${name} ${ready} ${reason}`).join('\n');
}

function complaint(open: readonly ResourceShown[]): string {
  const lines = open.map(({ kind, message, name, reason }) => `  ${kind}/${name}: ${reason}: ${message}`);
  return [`${open.length} resources are not Ready:`, ...lines].join('\n');
}
