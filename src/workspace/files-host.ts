import type { DesiredAccount } from '../account/desired.ts';
import type { PendingWrite } from '../account/memory.ts';
import type { Change, Plan } from '../account/plan.ts';
import { customerIdOf } from '../execution/account-identity.ts';
import type { Failure, Remembered, Settled } from '../execution/host.ts';
import type { LoopHost } from '../execution/loop-host.ts';
import { noteBegun, noteMade, noteOutcome, noteSettled, noteUnsent } from '../execution/memory-notes.ts';
import { MemoryStore, storedMemory } from '../execution/memory-store.ts';
import type { PhoneSystemSettings } from '../execution/phone-system-settings.ts';
import { RemovalCount } from '../execution/removal-count.ts';
import type { Clock } from '../foundation/clock.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Snapshot } from '../phonesystem/snapshot.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { type ResourceRef, referenceTo, resourceKey } from '../resources/reference.ts';
import { heldAgainst } from './held-against-lock.ts';
import { type Lock, LockFileError, type LockStore } from './lock-file.ts';
import type { SecretSource } from './secret-files.ts';

export interface FilesHostOptions {
  readonly resources: readonly AccountResource[];
  /** Keys of resources that the files hold and that can't be read for a fault of theirs: they are not missing. */
  readonly faulty: ReadonlySet<string>;
  /** False when not even the keys are known of all that can't be read. Default: true. */
  readonly complete?: boolean;
  /** Resources of the lock that the files no longer hold are removed from the account. */
  readonly prune: boolean;
  readonly lockFile: LockStore;
  readonly lock: Lock;
  readonly settings: PhoneSystemSettings;
  readonly secrets: SecretSource;
  readonly clock: Clock;
  /** One user as the account has it. */
  readonly readUser: (id: string, signal: AbortSignal) => Promise<JsonObject | undefined>;
  /** The account that the PhoneSystem is for, where it says so. */
  readonly customerId?: string;
  /** The digest of the removals that a person has approved. */
  readonly approvedRemovals?: string;
  /** Something could not be read: the run ends with it. */
  readonly onError: (error: unknown) => void;
  /** The part of the plan that is carried out; where absent, all of it. */
  readonly chosen?: (plan: Plan) => Plan;
  readonly onBegun?: (change: Change) => void;
  readonly onUnsent?: (change: Change) => void;
  readonly onSettled?: (change: Change, result: Settled) => void;
}

/**
 * Files and a lock file around an account, for one run of the loop: what the operator keeps in statuses is kept in
 * the lock, and what the cluster says by a deletion time, the lock says by what the files no longer hold.
 */
export class FilesHost implements LoopHost {
  readonly #options: FilesHostOptions;
  readonly #store = new MemoryStore();
  readonly #removals: RemovalCount;
  readonly #resources: ReadonlyMap<string, AccountResource>;
  /** Keys by which the lock knows resources that have another name in the files. */
  readonly #oldNames: ReadonlySet<string>;
  /** Resources that the lock knows and the files do not hold, whether they are pruned or not. */
  readonly undeclared: readonly ResourceRef[];
  /** By resource; a later success takes a failure back. */
  readonly failures = new Map<string, Failure>();
  /** By resource: when what failed is tried again, in milliseconds since the epoch. */
  readonly #retries = new Map<string, number>();
  #customerId: string | undefined;
  /** The account itself has said so. */
  #isShown = false;
  plan: Plan | undefined;
  desired: DesiredAccount | undefined;
  snapshot: Snapshot | undefined;

  constructor(options: FilesHostOptions) {
    this.#options = options;
    const { clock, faulty, lock, prune, resources } = options;
    this.#customerId = options.customerId ?? lock.customerId;
    const { declared, left, oldNames } = heldAgainst(lock.resources, {
      resources,
      faulty,
      knowsRenamed: options.lockFile.knowsRenamed,
    });
    this.#oldNames = oldNames;
    this.undeclared = left.map(([, resource]) => referenceTo(resource));
    const deletionTimestamp = new Date(clock.now()).toISOString();
    const pruned = prune
      ? left.map(([key, resource]): [string, AccountResource] => [
          key,
          { ...resource, metadata: { ...resource.metadata, deletionTimestamp } },
        ])
      : [];
    this.#resources = new Map([...declared, ...pruned]);
    for (const resource of this.#resources.values()) this.#store.learn(resource);
    const known = { resources: this.resources(), store: this.#store };
    this.#removals = new RemovalCount({ ...known, entries: lock.removals, clock });
  }

  resources() {
    return [...this.#resources.values()];
  }

  unreadable() {
    const { complete = true, faulty } = this.#options;
    return { complete, faulty };
  }

  memory() {
    return this.#store.snapshot();
  }

  policy() {
    return this.#options.settings.policy;
  }

  driftPolicy() {
    return this.#options.settings.driftPolicy;
  }

  removals() {
    const { approvedRemovals, settings } = this.#options;
    return {
      ...settings.removalGuard,
      recent: this.#removals.recent,
      ...(approvedRemovals === undefined ? {} : { approved: approvedRemovals }),
    };
  }

  secretRevision(secret: Parameters<LoopHost['secretRevision']>[0]) {
    return this.#options.secrets.revision(secret);
  }

  secret(_resource: ResourceRef, secret: Parameters<LoopHost['secret']>[1]) {
    return this.#options.secrets.read(secret);
  }

  urgent(): ReadonlySet<string> {
    return new Set();
  }

  async suspects() {
    return [];
  }

  /** @throws LockFileError when the key belongs to another account than these files are for, or may */
  async verify(found: Parameters<NonNullable<LoopHost['verify']>>[0], signal: AbortSignal): Promise<void> {
    if ('offer' in found) this.#meet(found.offer.customerId);
    else this.#meet(await this.#shownBy(found.snapshot, signal));
    if ('offer' in found || this.#isShown || this.#customerId === undefined) return;
    throw new LockFileError(
      `The phone system does not say which account the key belongs to, and ${this.#mustBe()}: let the key read users. ` +
        'Nothing was written.',
    );
  }

  /** Rows may leave it out; one user read by itself does not (8x8 guide: users, read-only fields). */
  async #shownBy(snapshot: Snapshot, signal: AbortSignal): Promise<string | undefined> {
    const users = snapshot.collections.user;
    const [first] = users.state === 'read' ? users.objects.values() : [];
    const shown = customerIdOf(first?.body);
    if (shown !== undefined || this.#isShown || !first) return shown;
    return customerIdOf(await this.#options.readUser(first.id, signal));
  }

  #meet(customerId: string | undefined): void {
    if (customerId === undefined) return;
    this.#isShown = true;
    this.#customerId ??= customerId;
    if (this.#customerId === customerId) return;
    throw new LockFileError(
      `The key belongs to account ${customerId}, and ${this.#mustBe()}: use the key of that account. Nothing was written.`,
    );
  }

  #mustBe(): string {
    const { path } = this.#options.lockFile;
    return `these files are for ${this.#customerId} (${path}, or customerId of the PhoneSystem)`;
  }

  async begin(change: Change, pending: PendingWrite | undefined) {
    const counted = this.#removals.begun(change, this.desired);
    if (pending) noteBegun(this.#store, change, pending);
    this.#options.onBegun?.(change);
    if (pending || counted) await this.#note(change);
  }

  /** The lock is written at the end of the run, which this is. */
  async unsent(change: Change, pending: PendingWrite | undefined) {
    this.#removals.takeBack(change);
    if (pending) noteUnsent(this.#store, change);
    this.#options.onUnsent?.(change);
  }

  async accepted(change: Change, pending: PendingWrite) {
    noteBegun(this.#store, change, pending);
    await this.#note(change);
  }

  async remember(made: Remembered) {
    noteMade(this.#store, made);
    await this.#note({ resources: [made.resource] });
  }

  async #note({ resources }: Pick<Change, 'resources'>): Promise<void> {
    const notes = resources.flatMap((ref) => this.#remembered(resourceKey(ref)) ?? []);
    await this.#options.lockFile.note(notes, this.#removals.entries());
  }

  settled(change: Change, result: Settled): void {
    const find = (ref: ResourceRef) => this.#resources.get(resourceKey(ref));
    noteSettled(this.#store, change, result, find);
    for (const ref of change.resources) this.failures.delete(resourceKey(ref));
    for (const failure of result.failures) {
      this.failures.set(resourceKey(failure.resource), failure);
      this.#retries.set(resourceKey(failure.resource), result.retryAt ?? 0);
    }
    this.#removals.settled(change, result);
    this.#options.onSettled?.(change, result);
  }

  /** What failed for a reason that may pass; a Secret that is missing is missing, and a key refused, for the whole run. */
  passing(): readonly { readonly failure: Failure; readonly retryAt: number }[] {
    return [...this.failures].flatMap(([key, failure]) =>
      failure.permanent || failure.reason === 'SecretNotFound' || failure.reason === 'Unauthorized'
        ? []
        : [{ failure, retryAt: this.#retries.get(key) ?? 0 }],
    );
  }

  planned(plan: Plan, desired: DesiredAccount): void {
    this.plan = plan;
    this.desired = desired;
    for (const outcome of plan.outcomes.values()) noteOutcome(this.#store, outcome);
  }

  chosen(plan: Plan): Plan {
    return this.#options.chosen?.(plan) ?? plan;
  }

  synced(result: Parameters<LoopHost['synced']>[0]): void {
    if ('error' in result) this.#options.onError(result.error);
    else this.snapshot = result.snapshot;
  }

  unread(_object: Parameters<LoopHost['unread']>[0], error: unknown): void {
    this.#options.onError(error);
  }

  /** What the next run needs to know. */
  lock(): Lock {
    const { lock } = this.#options;
    const resources = new Map<string, AccountResource>();
    for (const [key, resource] of lock.resources) {
      if (!this.#resources.has(key) && !this.#oldNames.has(key)) resources.set(key, resource);
    }
    for (const key of this.#resources.keys()) {
      const resource = this.#remembered(key);
      if (resource && !this.#isRemoved(key)) resources.set(key, resource);
    }
    return {
      ...(this.#customerId === undefined ? {} : { customerId: this.#customerId }),
      removals: this.#removals.entries(),
      resources,
    };
  }

  #isRemoved(key: string): boolean {
    const outcome = this.plan?.outcomes.get(key);
    return outcome?.reason === 'Deleted' && outcome.verified;
  }

  /** The resource as the lock keeps it; undefined when there is nothing to remember of it. */
  #remembered(key: string): AccountResource | undefined {
    const resource = this.#resources.get(key);
    if (!resource) return undefined;
    const known = this.#store.get(key);
    const memory = storedMemory(known);
    const { externalId } = known;
    if (memory === undefined && externalId === undefined) return undefined;
    const { name, namespace, annotations } = resource.metadata;
    const metadata = {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(annotations === undefined ? {} : { annotations }),
    };
    const status = {
      ...(externalId === undefined ? {} : { externalId }),
      ...(memory === undefined ? {} : { memory }),
    };
    return { ...resource, metadata, status };
  }
}
