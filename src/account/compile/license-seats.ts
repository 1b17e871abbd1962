import { formatReference } from '../../resources/reference.ts';
import type { WirePath } from '../objects.ts';
import { listOf } from './account-index.ts';
import type { Compilation } from './compilation.ts';
import { type CompiledExtension, isUnread } from './compiled-extension.ts';
import type { FieldWriter } from './field.ts';

/**
 * Hands out licence seats. An extension holds one by id; YAML names the licence. Where the endpoint lists its
 * seats a free one is chosen, each at most once in a compilation; else the user's licence is asked for by name,
 * and the extension refers to it once it has an id.
 */
export class LicenseSeats {
  readonly #free = new Map<string, string[]>();
  #taken: ReadonlySet<string> | undefined;

  declare(work: Compilation, extension: CompiledExtension, writer: FieldWriter, base: WirePath): void {
    const { license } = extension.resource.spec;
    if (license === undefined) return;
    const path = [...base, 'licenseId'];
    if (isHidden(work, extension) || isUnread(work, extension)) {
      // The row does not say which seat it has: declaring any value has the extension's user read by itself.
      writer.declare('license', path, license.id ?? license.name);
      return;
    }
    const held = heldSeat(extension);
    const heldName = held === undefined ? undefined : seatName(work, extension, held);
    const rival = alsoInProfile(work, extension);
    if (rival) {
      const message = `spec.licenses of ${rival} names "${license.name ?? license.id}" too; an extension's licence is named by the extension alone`;
      work.omit(extension.ref, 'license', 'Conflict', message);
      return;
    }
    if (
      held !== undefined &&
      (license.id === held || (license.name !== undefined && license.name === heldName))
    ) {
      writer.declare('license', path, held);
      return;
    }
    const to = license.id ?? license.name ?? '';
    if (to === '' && held === undefined) {
      writer.declare('license', path, null);
      return;
    }
    if (held !== undefined) {
      // The phone system takes another licence only in two steps; the first loses data.
      const consent = { change: 'ChangeLicense', to } as const;
      const afterwards = to === '' ? {} : { afterwards: `given ${to}` };
      writer.declare('license', path, null, { risk: 'losesData', consent, ...afterwards });
      if (base.length > 0) {
        writer.declare('license#old', ['serviceInfo', 'licenses', { by: 'id', is: held }], null, {
          absent: true,
          risk: 'losesData',
          consent,
        });
      }
      return;
    }
    const seat =
      license.id ??
      ownSeat(work, extension, license.name ?? '') ??
      this.#take(work, extension, license.name ?? '');
    if (seat !== undefined) {
      if (base.length > 0)
        writer.declare('license#seat', ['serviceInfo', 'licenses', { by: 'id', is: seat }, 'id'], seat);
      writer.declare('license', path, seat);
    } else if (work.index.isRead('license')) {
      work.omit(
        extension.ref,
        'license',
        'ReferenceNotFound',
        `the account has no free licence called "${to}"`,
      );
    } else if (base.length > 0) {
      const selector = { by: 'name', is: license.name ?? '' };
      writer.declare('license#seat', ['serviceInfo', 'licenses', selector, 'name'], license.name);
    }
  }

  #take(work: Compilation, extension: CompiledExtension, name: string): string | undefined {
    const free = this.#free.get(name) ?? work.index.freeSeats(name);
    this.#free.set(name, free);
    // What a write under way asks for stays its own until its end is known.
    const { reserved = [] } = extension.memory;
    const own = free.findIndex((seat) => reserved.includes(seat));
    const taken = this.#reserved(work);
    const index = own >= 0 ? own : free.findIndex((seat) => !taken.has(seat));
    return index < 0 ? undefined : free.splice(index, 1)[0];
  }

  #reserved(work: Compilation): ReadonlySet<string> {
    this.#taken ??= new Set([...work.input.memory.values()].flatMap((memory) => memory.reserved ?? []));
    return this.#taken;
  }
}

function isHidden(work: Compilation, { profile, seen }: CompiledExtension): boolean {
  if (seen) return !seen.complete && !Object.hasOwn(seen.body, 'licenseId');
  return profile?.userId !== undefined && !work.index.showsExtensions(profile.userId);
}

/** The profile that declares the same licence: two seats would be taken, or one fought over. */
function alsoInProfile(work: Compilation, { profile, resource }: CompiledExtension): string | undefined {
  const { id } = resource.spec.license ?? {};
  const called = nameOf(work, resource.spec.license ?? {});
  const twice = profile?.resource.spec.licenses?.some(
    (other) =>
      (id !== undefined && other.id === id) || (called !== undefined && nameOf(work, other) === called),
  );
  return profile && twice ? formatReference(profile.ref) : undefined;
}

function nameOf(
  work: Compilation,
  { id, name }: { readonly id?: string; readonly name?: string },
): string | undefined {
  return name ?? (id === undefined ? undefined : work.index.licenseName(id));
}

function heldSeat(extension: CompiledExtension): string | undefined {
  const seat = extension.seen?.body.licenseId;
  return typeof seat === 'string' && seat !== '' ? seat : undefined;
}

function seatName(work: Compilation, extension: CompiledExtension, seat: string): string | undefined {
  const name = userLicenses(work, extension).find((license) => license.id === seat)?.name;
  return typeof name === 'string' ? name : work.index.licenseName(seat);
}

function userLicenses(work: Compilation, extension: CompiledExtension) {
  const userId = extension.seen?.userId ?? extension.profile?.userId;
  const body = userId === undefined ? undefined : work.index.body('user', userId);
  const service = body?.serviceInfo;
  return typeof service === 'object' && service !== null && 'licenses' in service
    ? listOf(service.licenses)
    : [];
}

/** A licence of this name that the user has and none of its extensions refers to. */
function ownSeat(work: Compilation, extension: CompiledExtension, name: string): string | undefined {
  const userId = extension.profile?.userId;
  const body = userId === undefined ? undefined : work.index.body('user', userId);
  const service = body?.serviceInfo;
  const extensions =
    typeof service === 'object' && service !== null && 'extensions' in service
      ? listOf(service.extensions)
      : [];
  const used = new Set(extensions.map((other) => other.licenseId));
  const own = userLicenses(work, extension).find(
    (license) => license.name === name && !used.has(license.id ?? null),
  );
  return typeof own?.id === 'string' ? own.id : undefined;
}
