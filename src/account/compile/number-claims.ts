import type { AccountResource } from '../../resources/kinds.ts';
import { type ResourceRef, referenceTo } from '../../resources/reference.ts';
import type { DueEdit } from '../desired.ts';
import { listOf } from './account-index.ts';
import { e164 } from './checks.ts';
import { Claims, declaresToo } from './claims.ts';
import type { Compilation } from './compilation.ts';
import { type CompiledExtension, isUnread } from './compiled-extension.ts';
import type { FieldWriter } from './field.ts';

/**
 * Who holds which phone number, by declaration. A number of a port and the temporary number that stands in for it
 * count as one while the order is declared, so that the swap at its end is not drift.
 */
export class NumberClaims {
  readonly #holders: ReadonlyMap<string, CompiledExtension>;
  readonly #finalOf = new Map<string, string>();
  /** Temporary numbers whose port has put another in their place, with the order. */
  readonly #ported = new Map<string, ResourceRef>();

  constructor(
    work: Compilation,
    extensions: readonly CompiledExtension[],
    resources: readonly AccountResource[],
  ) {
    for (const resource of resources) {
      if (resource.kind !== 'PortingOrder') continue;
      for (const { number, replaces } of resource.spec.numbers) {
        if (replaces?.temporaryNumber === undefined) continue;
        this.#finalOf.set(replaces.temporaryNumber, number);
        // Once the temporary number is out of the inventory and the ported one is in, the swap has happened.
        const inventory = work.input.observed.collections.phoneNumber;
        if (inventory.state !== 'read') continue;
        const arrived = inventory.objects.get(number)?.body.status;
        if (
          !inventory.objects.has(replaces.temporaryNumber) &&
          (arrived === 'ASSIGNED' || arrived === 'AVAILABLE')
        ) {
          this.#ported.set(replaces.temporaryNumber, referenceTo(resource));
        }
      }
    }
    const claims = new Claims<CompiledExtension>((extension, identity) =>
      this.#strength(work, extension, identity),
    );
    // Of the two names that a number in a port has, an extension is told by the one that it declares.
    const names = new Map<string, string>();
    for (const extension of extensions) {
      if (work.isRefused(extension.key) || extension.deleting) continue;
      for (const { number } of extension.resource.spec.phoneNumbers ?? []) {
        claims.add(extension, this.#identity(number));
        names.set(`${extension.key} ${this.#identity(number)}`, number);
      }
    }
    const { lost, owners } = claims.settle();
    this.#holders = owners;
    for (const { claimant, rival, what } of lost) {
      const number = names.get(`${claimant.key} ${what}`) ?? what;
      work.omit(claimant.ref, `phoneNumbers[${number}]`, 'Conflict', declaresToo(rival, 'phone number'));
    }
  }

  /** Who has the number keeps it, then who had it. */
  #strength(work: Compilation, { memory, seen }: CompiledExtension, identity: string): number {
    const names = [
      identity,
      ...[...this.#finalOf].flatMap(([temporary, final]) => (final === identity ? [temporary] : [])),
    ];
    if (seen && names.some((name) => work.index.holderOf(name)?.id === seen.id)) return 2;
    return names.some((name) => memory.applied[`phoneNumbers[${name}]`] !== undefined) ? 1 : 0;
  }

  #identity(number: string): string {
    return this.#finalOf.get(number) ?? number;
  }

  /** The number under which a declared number is known to the phone system now. */
  current<T extends string | undefined>(number: T): T | string {
    return number !== undefined && this.#ported.has(number) ? this.#identity(number) : number;
  }

  /** What an extension's YAML still calls by the temporary number, once the port has swapped it. */
  dueEdits({ ref, resource }: CompiledExtension): DueEdit[] {
    const { callerId, phoneNumbers, primaryPhoneNumber } = resource.spec;
    const named: (readonly [string, string | undefined])[] = [
      ...(phoneNumbers ?? []).map(({ number }, index) => [`phoneNumbers[${index}].number`, number] as const),
      ['primaryPhoneNumber', primaryPhoneNumber],
      ['callerId.externalNumber', callerId?.externalNumber],
    ];
    return named.flatMap(([field, from]) => {
      const order = from === undefined ? undefined : this.#ported.get(from);
      if (from === undefined || order === undefined) return [];
      return [{ resource: ref, field, from, to: this.#identity(from), order }];
    });
  }

  /** Declares an extension's numbers: adds what is its own and free, drops what a declaration gave to another. */
  declare(work: Compilation, extension: CompiledExtension, writer: FieldWriter): void {
    const { spec } = extension.resource;
    if (spec.phoneNumbers?.length === 0)
      writer.declare('phoneNumbers', ['phoneNumbers'], [], { risk: 'losesData' });
    for (const { number } of spec.phoneNumbers ?? []) {
      if (this.#holders.get(this.#identity(number)) !== extension) continue;
      if (!this.#mayHave(work, extension, number)) continue;
      const now = this.current(number);
      const selector = { by: 'phoneNumber', is: now };
      writer.declare(`phoneNumbers[${number}]`, ['phoneNumbers', selector, 'phoneNumber'], now);
    }
    for (const held of listOf(extension.seen?.body.phoneNumbers)) {
      const number = held.phoneNumber;
      if (typeof number !== 'string') continue;
      const claimant = this.#holders.get(this.#identity(number));
      if (!claimant || claimant === extension || !canTake(work, claimant)) continue;
      const path = ['phoneNumbers', { by: 'phoneNumber', is: number }];
      writer.declare(`phoneNumbers[${number}]`, path, null, { absent: true, risk: 'interruptsService' });
    }
    this.#declarePrimary(extension, writer);
  }

  /** A number that is still on its way to the extension can't be its primary one yet. */
  #declarePrimary({ seen, resource }: CompiledExtension, writer: FieldWriter): void {
    const primary = this.current(resource.spec.primaryPhoneNumber);
    const declared = resource.spec.phoneNumbers?.some(({ number }) => this.current(number) === primary);
    const coming = writer.fields.some(({ value, absent }) => !absent && value === primary);
    const there = listOf(seen?.body.phoneNumbers).some(({ phoneNumber }) => phoneNumber === primary);
    if (primary && declared && !coming && !there) return;
    writer.declare('primaryPhoneNumber', ['primaryPhoneNumber'], primary);
  }

  #mayHave(work: Compilation, extension: CompiledExtension, number: string): boolean {
    const field = `phoneNumbers[${number}]`;
    if (!e164.test(number)) {
      work.omit(
        extension.ref,
        field,
        'InvalidField',
        `"${number}" is not an E.164 number such as +14085550123`,
      );
      return false;
    }
    const now = this.current(number);
    const inventory = work.input.observed.collections.phoneNumber;
    const holder = work.index.holderOf(now);
    if (holder && holder.id === extension.seen?.id) return true;
    if (holder && this.#willLetGo(holder.id, number)) {
      const message = `waits until extension ${holder.number} has let go of it`;
      work.omit(extension.ref, field, 'WaitingForDependency', message);
      return false;
    }
    if (holder) {
      const message = `is in use by extension ${holder.number} (id ${holder.id}), which does not declare otherwise`;
      work.omit(extension.ref, field, 'Conflict', message);
      return false;
    }
    if (inventory.state !== 'read') return true;
    const entry = inventory.objects.get(now);
    if (!entry) {
      const message = "is not in the account's inventory; claim or port it in Admin Console first";
      work.omit(extension.ref, field, 'ReferenceNotFound', message);
      return false;
    }
    if (entry.body.status !== 'ASSIGNED') return true;
    const userId = extension.profile?.userId;
    // Its own row does not show what it has: declared, the number has its user read by itself.
    if (!extension.seen && userId !== undefined && !work.index.showsExtensions(userId)) return true;
    if (extension.seen && !extension.seen.complete && extension.seen.body.phoneNumbers === undefined)
      return true;
    // Where its own list could not be read, nothing is written; it may well be the one that has the number.
    if (isUnread(work, extension)) return true;
    const unread = (['user', 'extension'] as const).find((type) => work.index.isUnknown(type));
    if (unread !== undefined) {
      const message = `is in use, and by whom is not known: the ${unread}s could not be read`;
      work.omit(extension.ref, field, 'NotRead', message);
      return false;
    }
    if (!work.index.showsExtensions()) {
      const message = 'is in use, and the list does not show by whom; users are being read one by one';
      work.omit(extension.ref, field, 'NotRead', message);
      return false;
    }
    work.omit(extension.ref, field, 'Conflict', 'is in use by something that no YAML declares');
    return false;
  }

  /** A managed extension that does not declare a number which another claims, drops it. */
  readonly #managed = new Map<string, CompiledExtension>();

  manage(extensions: readonly CompiledExtension[]): void {
    for (const extension of extensions) if (extension.seen) this.#managed.set(extension.seen.id, extension);
  }

  #willLetGo(extensionId: string, number: string): boolean {
    const holder = this.#managed.get(extensionId);
    return holder !== undefined && this.#holders.get(this.#identity(number)) !== holder;
  }
}

/** Nothing is taken from one for another that can't have it now. */
export function canTake(work: Compilation, { key, paused, profile }: CompiledExtension): boolean {
  if (paused || work.isRefused(key)) return false;
  return profile === undefined || !(profile.deleting || work.isRefused(profile.key));
}
