import type { AccountView } from '../account/account-view.ts';
import { holds } from '../account/apply.ts';
import type { DesiredField, SecretKeyRef } from '../account/desired.ts';
import { isOwnedByDirectory } from '../account/directory-owner.ts';
import type { PendingWrite } from '../account/memory.ts';
import type { ObservedObject } from '../account/objects.ts';
import type { Change } from '../account/plan.ts';
import type { Clock } from '../foundation/clock.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { PhoneSystemClient, RequestOptions, WriteResult } from '../phonesystem/client.ts';
import { idOf } from '../phonesystem/collections.ts';
import { NotSent } from '../phonesystem/send-outcome.ts';
import { concealed, holdsSecrets, secretValues, withoutWords } from './conceal.ts';
import type { Confirmer } from './confirmer.ts';
import { type Settled, Superseded, type WriterHost } from './host.ts';
import { OperationFailed } from './in-flight.ts';
import { revisionOf } from './list-row.ts';
import type { Slot } from './operation-slots.ts';
import { isNotFound, isRefusedForNow, isRunning, isUnclear } from './refusal.ts';
import { SourceResolver } from './resolve-sources.ts';
import { addsExtension, sendChange } from './send-change.ts';
import { searchUnclear } from './unclear-write.ts';
import type { WriteGate } from './write-gate.ts';
import { writeInParts } from './write-in-parts.ts';

export interface ChangeWriterOptions {
  readonly client: PhoneSystemClient;
  readonly clock: Clock;
  readonly view: AccountView;
  readonly host: WriterHost;
  readonly confirmer: Confirmer;
  readonly gate: WriteGate;
  readonly signal: AbortSignal;
  /** A place may be free, now or by the passing of time. */
  readonly mayGoOn: () => void;
}

/** What is known of the parts in which a change is sent. */
interface Parts {
  /** One of them was taken by the phone system. */
  areTaken: boolean;
}

/** So often a write is sent that is refused because of others. */
const mostRefusals = 5;

const stillThere = new OperationFailed('A deletion did not take effect; it is sent again', [], 'unclear');

/** Makes one change: reads what stands there, sends the write, and follows it until its end is known. */
export class ChangeWriter {
  readonly #options: ChangeWriterOptions;

  constructor(options: ChangeWriterOptions) {
    this.#options = options;
  }

  /** Rejects with Superseded, or with what made the whole change fail. */
  async write(change: Change, slot: Slot): Promise<Settled> {
    const { client, host, signal } = this.#options;
    const sources = new SourceResolver(client, host);
    const parts: Parts = { areTaken: false };
    const { object, failures } = await writeInParts(
      change,
      change.fields.map(({ field }) => field),
      (fields) => this.#writePart(change, fields, sources, slot, parts),
      signal,
    );
    return { ...(object ? { object } : {}), failures };
  }

  /** Follows a write of an earlier process to its end. */
  async resume(change: Change, pending: PendingWrite, slot: Slot): Promise<Settled> {
    const { operationId } = pending;
    const since = Date.parse(pending.since);
    const confirm = (id: string) =>
      this.#confirm(change, [], id, since, undefined, slot).catch((error: unknown) => {
        // Which values it wrote is not known any more.
        throw holdsSecrets(change.type) ? withoutWords(error) : error;
      });
    if (change.action === 'Delete') {
      if (operationId === undefined) await this.#mustBeGone(change, since, stillThere, slot);
      else await confirm(operationId).catch((error: unknown) => this.#mustBeGone(change, since, error, slot));
      return { failures: [] };
    }
    const object =
      operationId === undefined ? await this.#search(change, since, slot) : await confirm(operationId);
    if (object || change.action !== 'Create') return { ...(object ? { object } : {}), failures: [] };
    // It never reached the phone system: the next plan begins anew.
    const message = 'A create of an earlier run was not found in the phone system; it is sent again';
    const failures = change.resources.map((resource) => ({
      resource,
      reason: 'Unconfirmed' as const,
      message,
      permanent: false,
    }));
    return { failures };
  }

  async #writePart(
    change: Change,
    fields: readonly DesiredField[],
    sources: SourceResolver,
    slot: Slot,
    parts: Parts,
  ): Promise<ObservedObject | undefined> {
    const { client, clock, gate, host, view } = this.#options;
    await gate.enter(slot);
    const options = this.#request();
    const resolved = await sources.resolve(fields, options);
    const fresh = change.action === 'Update' ? await this.#fresh(change, resolved) : undefined;
    if (fresh === 'nothing to do') return undefined;
    if (change.action === 'Create' && change.type === 'administrator') await this.#mustBeNew(change);
    const pending: PendingWrite = {
      intent: change.action === 'Submit' || change.action === 'Cancel' ? 'Act' : change.action,
      objectType: change.type,
      naturalKey: change.naturalKey,
      ...(change.objectId === undefined ? {} : { objectId: change.objectId }),
      since: new Date(clock.now()).toISOString(),
      attempt: 1,
    };
    // Only what a repetition would do twice: an update is compared again, unless it adds an extension.
    const repeatable = change.action === 'Update' && !addsExtension(resolved);
    const noted = repeatable ? undefined : pending;
    await host.begin(change, noted);
    try {
      const result = await this.#sendInPlace(slot, () =>
        sendChange(client, change, resolved, fresh?.body, { ...options, refusalIsFinal: true }),
      );
      parts.areTaken = true;
      if (result.kind === 'done') return this.#doneObject(change, result);
      const { operationId, acceptedAt } = result;
      await host.accepted(change, { ...pending, operationId });
      const before = fresh === undefined ? undefined : revisionOf(fresh.body);
      return await this.#confirm(change, resolved, operationId, acceptedAt, before, slot);
    } catch (cause) {
      if (cause instanceof NotSent) {
        // The note and the count are of the whole change: what an earlier part of it has made stays noted.
        if (!parts.areTaken) await host.unsent(change, noted);
        throw cause;
      }
      const error = await this.#concealed(cause, change, fields, resolved);
      if (change.action === 'Delete') return this.#mustBeGone(change, Date.parse(pending.since), error, slot);
      // Whether it was taken is not known: what may be compared again is, anything else is looked for first.
      if (!isUnclear(error) || isRunning(error) || repeatable) throw error;
      const found = await this.#search(change, Date.parse(pending.since), slot);
      if (!found) throw error;
      if (change.action !== 'Update') return found;
      if (resolved.every((field) => holds(found.body, field) === 'yes')) return found;
      view.observe(found);
      throw error;
    }
  }

  /** Without the values of Secrets: those of this write, and those that earlier ones left with the object. */
  async #concealed(
    error: unknown,
    change: Change,
    fields: readonly DesiredField[],
    resolved: readonly DesiredField[],
  ): Promise<unknown> {
    const { host } = this.#options;
    const values = [...secretValues(fields, resolved)];
    if (!holdsSecrets(change.type)) return concealed(error, values);
    const sent = new Set(
      fields.flatMap(({ source }) => (source?.kind === 'secret' ? [keyOf(source.secret)] : [])),
    );
    for (const resource of change.resources) {
      for (const { current, secret } of host.writtenSecrets(resource)) {
        if (sent.has(keyOf(secret))) continue;
        if (!current) return withoutWords(error);
        const bytes = await host.secret(resource, secret).catch(() => undefined);
        if (!bytes) return withoutWords(error);
        values.push(Buffer.from(bytes).toString('utf8').trim());
      }
    }
    return concealed(error, values);
  }

  /** A refusal for too many says that more are under way than was thought; from then on only known ends count. */
  async #sendInPlace(slot: Slot, send: () => Promise<WriteResult>): Promise<WriteResult> {
    const { confirmer, gate } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await send();
      } catch (error) {
        if (attempt >= mostRefusals || !isRefusedForNow(error)) throw error;
        confirmer.forgetLatencies();
        slot.over();
        await gate.enter(slot).catch((stopped: unknown) => {
          // It was refused, and so not taken.
          throw new NotSent(stopped);
        });
      }
    }
  }

  /** The object as it is this moment: a write replaces the whole, so it must be built from what stands there now. */
  async #fresh(
    change: Change,
    fields: readonly DesiredField[],
  ): Promise<{ readonly body: JsonObject } | 'nothing to do'> {
    const { client, clock, view } = this.#options;
    const id = change.objectId ?? '';
    const readAt = clock.now();
    const body = await client.get(change.type, id, this.#request());
    if (!body) {
      view.forget(change.type, id, clock.now());
      return 'nothing to do';
    }
    const { type } = change;
    const known = view.collections[type];
    const before = known.state === 'read' ? known.objects.get(id)?.body : undefined;
    // A row may hide it, and a directory may have taken the user over since: what is its is left to it.
    if (type === 'user' && isOwnedByDirectory(body) !== isOwnedByDirectory(before)) {
      view.observe({ type, id, body, source: 'single', readAt });
      throw new Superseded(`whether a directory owns the user ${id} was not known`);
    }
    if (fields.every((field) => holds(body, field) === 'yes')) {
      view.observe({ type, id, body, source: 'single', readAt });
      return 'nothing to do';
    }
    return { body };
  }

  /**
   * Privileges have no POST: the PUT that makes an administrator would replace one that the list does not show yet,
   * and with it what nobody declared. Whoever is found is compared first.
   */
  async #mustBeNew(change: Change): Promise<void> {
    const { client, clock, view } = this.#options;
    const { type, naturalKey: id } = change;
    const readAt = clock.now();
    const body = await client.get(type, id, this.#request());
    if (!body) return;
    view.observe({ type, id, body, source: 'single', readAt });
    throw new Superseded(`${type} ${id} is there already`);
  }

  /**
   * After a deletion that was not confirmed: what is no longer there is deleted, whether this request did it, an
   * earlier one whose answer was lost, or somebody else. What is still there is to be deleted again.
   *
   * @param error why it was not confirmed; rejects with it while the object is there
   */
  async #mustBeGone(change: Change, since: number, error: unknown, slot: Slot): Promise<undefined> {
    const { clock, view } = this.#options;
    if (!isNotFound(error)) {
      // A second deletion fails, too, where the first one is still under way.
      if (!isUnclear(error) && !(error instanceof OperationFailed)) throw error;
      const found = await this.#search(change, since, slot);
      if (found) {
        view.observe(found);
        throw error;
      }
    }
    if (change.objectId !== undefined) view.forget(change.type, change.objectId, clock.now());
  }

  #search(change: Change, since: number, slot: Slot): Promise<ObservedObject | undefined> {
    const { host, mayGoOn } = this.#options;
    const outOfReach = (message: string) => host.overdue?.(change, message) ?? false;
    const surelyOver = () => {
      slot.over();
      mayGoOn();
    };
    return searchUnclear(change, since, { ...this.#options, outOfReach, surelyOver });
  }

  async #confirm(
    change: Change,
    fields: readonly DesiredField[],
    operationId: string,
    acceptedAt: number,
    revisionBefore: string | undefined,
    slot: Slot,
  ): Promise<ObservedObject | undefined> {
    const { clock, confirmer, mayGoOn, view } = this.#options;
    const object = await new Promise<ObservedObject | undefined>((resolve, reject) => {
      confirmer.track({
        change,
        fields,
        operationId,
        acceptedAt,
        slot,
        resolve,
        reject,
        ...(revisionBefore === undefined ? {} : { revisionBefore }),
      });
      mayGoOn();
    });
    if (change.action === 'Delete' && object) throw stillThere;
    const mayBeGone = change.action === 'Delete' || change.action === 'Update';
    if (mayBeGone && object === undefined && change.objectId !== undefined)
      view.forget(change.type, change.objectId, clock.now());
    return object;
  }

  #doneObject(change: Change, result: WriteResult & { readonly kind: 'done' }): ObservedObject | undefined {
    const { type } = change;
    const { body } = result;
    const id = body && idOf(type, body);
    if (!body || id === undefined) return undefined;
    return { type, id, body, source: 'single', readAt: this.#options.clock.now() };
  }

  #request(): RequestOptions {
    return { priority: 'write', signal: this.#options.signal };
  }
}

function keyOf({ key, name }: SecretKeyRef): string {
  return `${name}/${key}`;
}
