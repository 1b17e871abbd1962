import { defaultPolicy } from '../../../src/account/compile/input.ts';
import type { Plan } from '../../../src/account/plan.ts';
import { defaultAllowance } from '../../../src/account/removal-guard.ts';
import { AccountLoop } from '../../../src/execution/account-loop.ts';
import type { LoopHost } from '../../../src/execution/loop-host.ts';
import { noteBegun, noteMade, noteOutcome, noteSettled } from '../../../src/execution/memory-notes.ts';
import { MemoryStore } from '../../../src/execution/memory-store.ts';
import type { Extension } from '../../../src/resources/generated/extension.ts';
import type { UserProfile } from '../../../src/resources/generated/user-profile.ts';
import { type AccountResource, apiVersion } from '../../../src/resources/kinds.ts';
import { referenceTo, resourceKey } from '../../../src/resources/reference.ts';
import { at } from './bodies.ts';
import type { Session } from './session.ts';

/** The real engine: people and their lines come, are edited, and are corrected after somebody changed them. */
export async function engine(session: Session): Promise<void> {
  for (const sparseRows of [false, true]) {
    await session.control('POST', '/settings', { sparseRows });
    await keepsPeople(session, sparseRows ? 'sparse' : 'complete');
  }
  await session.control('POST', '/settings', { sparseRows: false });
}

async function keepsPeople(session: Session, rows: string): Promise<void> {
  const isSparse = rows === 'sparse';
  const kim = `kim-${rows}`;
  const lobby = extension('lobby', '7802', { site: { name: 'Headquarters' }, license: { name: 'X4' } });
  const account = new KeptAccount(session, [
    profile(kim, 'Engineer'),
    profile(`lee-${rows}`, 'Engineer'),
    extension(kim, isSparse ? '7811' : '7801', { userProfileRef: { name: kim }, license: { name: 'X2' } }),
    ...(isSparse ? [] : [lobby]),
  ]);
  await account.settle();
  account.declare(profile(kim, 'Lead Engineer'));
  await account.settle();
  await correctsDrift(session, account, `lee-${rows}`);
  account.readAgain();
  await correctsDrift(session, account, `lee-${rows}`);
  await account.stop();
}

/** Somebody changes a job title in the console; the engine finds it when it next reads, and puts it back. */
async function correctsDrift(session: Session, account: KeptAccount, name: string): Promise<void> {
  const { client, clock, options } = session;
  const userId = account.externalId('UserProfile', name);
  await session.changeInConsole(`/users/${userId}`, { directoryInfo: { jobTitle: 'Visitor' } });
  const jobTitle = async () => at(await client.get('user', userId, options), 'directoryInfo', 'jobTitle');
  while ((await jobTitle()) === 'Visitor') await clock.sleep(2_000, options.signal);
  await account.settle();
}

/** An account kept by the engine, with resources and memory in this process. */
class KeptAccount {
  readonly #store = new MemoryStore();
  readonly #resources = new Map<string, AccountResource>();
  readonly #faults: string[] = [];
  readonly #loop: AccountLoop;
  readonly #running: Promise<void>;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  #plan: Plan | undefined;
  #rounds = 0;
  #look: () => void = () => {};

  constructor(session: Session, resources: readonly AccountResource[]) {
    for (const resource of resources) this.declare(resource);
    const { client, budget } = session.thrifty();
    this.#loop = new AccountLoop({
      client,
      budget,
      clock: session.clock,
      random: session.random,
      host: this.#host(),
      operationsInFlight: 10,
      sync: { incrementalMs: 20_000, fullMs: 3_600_000 },
    });
    this.#signal = session.options.signal;
    this.#running = this.#loop.run(AbortSignal.any([this.#signal, this.#stopping.signal]));
  }

  /** Adds a resource, or takes the place of that name. */
  declare(resource: AccountResource): void {
    this.#resources.set(resourceKey(referenceTo(resource)), resource);
    this.#store.learn(resource);
  }

  readAgain(): void {
    this.#loop.resync();
  }

  /** Works until the account is as declared; throws when the engine does not get there. */
  async settle(): Promise<void> {
    const rounds = this.#rounds + 1;
    this.#loop.nudge('edit');
    const isSettled = () =>
      this.#rounds >= rounds && this.#plan?.changes.length === 0 && this.#plan.reads.length === 0;
    await new Promise<void>((resolve, reject) => {
      const fail = () => reject(this.#signal.reason);
      this.#signal.addEventListener('abort', fail, { once: true });
      this.#look = () => {
        if (this.#faults.length > 0) reject(new Error(this.#faults.join('; ')));
        else if (!isSettled() || this.#loop.executor.busy > 0) return;
        else resolve();
        this.#signal.removeEventListener('abort', fail);
      };
    });
  }

  externalId(kind: string, name: string): string {
    for (const [key, resource] of this.#resources) {
      if (resource.kind === kind && resource.metadata.name === name)
        return this.#store.get(key).externalId ?? '';
    }
    return '';
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('this part of the conformance run is over'));
    await this.#running;
  }

  #host(): LoopHost {
    return {
      resources: () => [...this.#resources.values()],
      memory: () => this.#store.snapshot(),
      policy: () => ({ ...defaultPolicy, paused: false }),
      driftPolicy: () => 'Correct',
      removals: () => defaultAllowance,
      secretRevision: () => undefined,
      secret: () => Promise.reject(new Error('nothing here is secret')),
      urgent: () => new Set(),
      suspects: () => Promise.resolve([]),
      begin: async (change, pending) => {
        if (pending) noteBegun(this.#store, change, pending);
      },
      remember: async (made) => noteMade(this.#store, made),
      accepted: async (change, pending) => noteBegun(this.#store, change, pending),
      settled: (change, result) => {
        this.#faults.push(...result.failures.map(({ message, resource }) => `${resource.name}: ${message}`));
        noteSettled(this.#store, change, result, (ref) => this.#resources.get(resourceKey(ref)));
      },
      planned: (plan) => {
        for (const outcome of plan.outcomes.values()) noteOutcome(this.#store, outcome);
        this.#plan = plan;
        this.#rounds += 1;
        // The executor takes the plan's changes only after this call.
        queueMicrotask(() => this.#look());
      },
      synced: (result) => {
        if ('error' in result) this.#faults.push(`the account could not be read: ${String(result.error)}`);
        this.#look();
      },
      unread: ({ type }, error) =>
        this.#faults.push(`an object (${type}) could not be read: ${String(error)}`),
    };
  }
}

function profile(name: string, jobTitle: string): UserProfile {
  return {
    apiVersion,
    kind: 'UserProfile',
    metadata: { name, namespace: 'conformance', uid: name },
    spec: {
      firstName: 'Kim',
      lastName: 'Sample',
      email: `${name}@example.com`,
      site: { name: 'Headquarters' },
      jobTitle,
      department: 'Engineering',
      invitation: 'Hold',
    },
  };
}

/** The line of a person, or of a place. */
function extension(
  name: string,
  number: string,
  belongs: Pick<Extension['spec'], 'userProfileRef' | 'site' | 'license'>,
): Extension {
  return {
    apiVersion,
    kind: 'Extension',
    metadata: { name, namespace: 'conformance', uid: `${name}-line` },
    spec: {
      number,
      type: 'UC',
      ...belongs,
      callWaiting: true,
    },
  };
}
