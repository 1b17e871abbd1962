import { formatReference } from '../../resources/reference.ts';
import type { SeenExtension } from './account-index.ts';
import type { Compilation } from './compilation.ts';
import type { CompiledExtension } from './compiled-extension.ts';
import type { FieldWriter } from './field.ts';

/**
 * The order in which extensions get numbers that others have now. No two extensions of a site have one number at a
 * time, so one waits until the other has another. Those that go round in a circle have no order,
 * except within one user, whose extensions are written at once.
 */
export class ShortNumbers {
  readonly #work: Compilation;
  readonly #managed = new Map<string, CompiledExtension>();

  constructor(work: Compilation, extensions: readonly CompiledExtension[]) {
    this.#work = work;
    for (const extension of extensions) if (extension.seen) this.#managed.set(extension.seen.id, extension);
  }

  /** Declares the number, or says why it can't be had now. */
  declare(extension: CompiledExtension, writer: FieldWriter): void {
    const { ref, resource } = extension;
    const { number } = resource.spec;
    const holder = this.#holder(extension);
    const hindrance = holder && this.#hindrance(extension, holder, number);
    if (hindrance) this.#work.omit(ref, 'number', hindrance.reason, hindrance.message);
    else writer.declare('number', ['extensionNumber'], number, { risk: 'interruptsService' });
  }

  #hindrance(
    extension: CompiledExtension,
    holder: SeenExtension,
    number: string,
  ): { readonly reason: 'Conflict' | 'WaitingForDependency'; readonly message: string } | undefined {
    const first = this.#managed.get(holder.id);
    if (!first) {
      const message = `the site has another extension ${number} (id ${holder.id}), which no YAML declares`;
      return { reason: 'Conflict', message };
    }
    const { chain, end } = this.#follow(extension);
    const atOnce = chain.every((each) => objectOf(each) === objectOf(extension));
    if (end !== 'held' && atOnce) return undefined;
    if (end === 'circle') {
      const names = [extension, ...chain].map(({ ref }) => formatReference(ref)).join(', ');
      const message = `the numbers of ${names} change places, and no two may have one number at a time; give one of them a free number, wait until it has it, then give it the one that it shall have`;
      return { reason: 'Conflict', message };
    }
    const message = `waits until ${formatReference(first.ref)} no longer has the number ${number}`;
    return { reason: 'WaitingForDependency', message };
  }

  /** From who has the number, over who has the number that this one is to get, and so on. */
  #follow(extension: CompiledExtension): {
    readonly chain: readonly CompiledExtension[];
    readonly end: 'free' | 'held' | 'circle';
  } {
    const chain: CompiledExtension[] = [];
    for (let at = extension; ; ) {
      const holder = this.#holder(at);
      if (!holder) return { chain, end: 'free' };
      const next = this.#managed.get(holder.id);
      if (next === extension) return { chain, end: 'circle' };
      if (!next || chain.includes(next) || !this.#isMoving(next)) return { chain, end: 'held' };
      chain.push(next);
      at = next;
    }
  }

  /** Another extension that has the declared number at the site now. */
  #holder({ resource, seen, siteId }: CompiledExtension): SeenExtension | undefined {
    if (!seen || siteId === undefined) return undefined;
    const holder = this.#work.index.extensionAt(siteId, resource.spec.number);
    return holder?.id === seen.id ? undefined : holder;
  }

  /** Is it about to get another number than it has? */
  #isMoving({ deleting, key, paused, profile, resource, seen }: CompiledExtension): boolean {
    if (deleting || paused || this.#work.isRefused(key)) return false;
    if (profile && (profile.deleting || this.#work.isRefused(profile.key))) return false;
    return seen !== undefined && seen.userId === profile?.userId && seen.number !== resource.spec.number;
  }
}

/** What is written at once: a user with all its extensions, or an extension of nobody's. */
function objectOf({ key, seen }: CompiledExtension): string {
  return seen?.userId ?? key;
}
