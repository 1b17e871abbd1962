import { normaliseMac } from '../compare.ts';
import { listOf, type SeenExtension } from './account-index.ts';
import { Claims, declaresToo } from './claims.ts';
import type { Compilation } from './compilation.ts';
import type { CompiledExtension } from './compiled-extension.ts';
import type { FieldWriter } from './field.ts';
import { canTake } from './number-claims.ts';

/** Who has which device, by declaration: one device rings for one extension. */
export class DeviceClaims {
  readonly #owners: ReadonlyMap<string, CompiledExtension>;
  readonly #seenOn = new Map<string, SeenExtension>();
  readonly #managed = new Set<string>();

  constructor(work: Compilation, extensions: readonly CompiledExtension[]) {
    const claims = new Claims<CompiledExtension>(({ memory, seen }, mac) => {
      if (seen && this.#seenOn.get(mac)?.id === seen.id) return 2;
      return memory.applied[`devices[${mac}]`] === undefined ? 0 : 1;
    });
    for (const extension of extensions) {
      if (work.isRefused(extension.key) || extension.deleting) continue;
      if (extension.seen) this.#managed.add(extension.seen.id);
      for (const { macAddress } of extension.resource.spec.devices ?? [])
        claims.add(extension, normaliseMac(macAddress));
    }
    for (const seen of work.index.extensionsById.values()) {
      for (const { macAddress } of listOf(seen.body.devices))
        if (typeof macAddress === 'string') this.#seenOn.set(normaliseMac(macAddress), seen);
    }
    const { lost, owners } = claims.settle();
    this.#owners = owners;
    for (const { claimant, rival, what } of lost)
      work.omit(claimant.ref, `devices[${what}]`, 'Conflict', declaresToo(rival, 'device'));
  }

  /** Declares an extension's devices: adds what is its own and free, drops what a declaration gave to another. */
  declare(work: Compilation, extension: CompiledExtension, writer: FieldWriter): void {
    for (const device of extension.resource.spec.devices ?? []) {
      const mac = normaliseMac(device.macAddress);
      if (this.#owners.get(mac) !== extension || !this.#isFree(work, extension, mac)) continue;
      const selector = { by: 'macAddress', is: mac };
      writer.declare(`devices[${mac}]`, ['devices', selector, 'macAddress'], mac, {
        comparison: 'mac',
        risk: 'interruptsService',
      });
      writer.declare(`devices[${mac}].model`, ['devices', selector, 'model'], device.model);
    }
    for (const { macAddress } of listOf(extension.seen?.body.devices)) {
      const mac = typeof macAddress === 'string' ? normaliseMac(macAddress) : '';
      const owner = this.#owners.get(mac);
      if (!owner || owner === extension || !canTake(work, owner)) continue;
      const path = ['devices', { by: 'macAddress', is: mac }];
      writer.declare(`devices[${mac}]`, path, null, { absent: true, risk: 'interruptsService' });
    }
  }

  #isFree(work: Compilation, extension: CompiledExtension, mac: string): boolean {
    const holder = this.#seenOn.get(mac);
    if (!holder || holder.id === extension.externalId) return true;
    const field = `devices[${mac}]`;
    if (this.#managed.has(holder.id)) {
      const message = `waits until extension ${holder.number} has let go of it`;
      work.omit(extension.ref, field, 'WaitingForDependency', message);
    } else {
      const message = `is in use by extension ${holder.number} (id ${holder.id}), which no YAML declares`;
      work.omit(extension.ref, field, 'Conflict', message);
    }
    return false;
  }
}
