import type { JsonObject } from '../../foundation/json.ts';
import { addressUsage, renderAddressParts } from '../address-view.ts';
import { registerCollection, requireObject } from '../collection.ts';
import type { SandboxCore, SandboxModule } from '../core.ts';
import { type ApiProblem, badRequest, notFound } from '../problem.ts';
import type { AddressRecord } from '../records.ts';
import type { Actor } from '../router.ts';
import { mediaTypeNames } from '../vocabulary.ts';
import { displayForm, readAddress } from './address-parts.ts';

const mediaTypes = { response: [mediaTypeNames.addresses] } as const;

/** /addresses of the published API: synchronous, never changed, shared by whoever posts the same. */
export const addressesModule: SandboxModule = (core) => {
  const { addresses } = core.system;
  const scopes = ['UC Site Admin'] as const;
  const part = (name: string) => (address: AddressRecord) => address.parts[name];
  // Keyed by the parts in one order, whatever order they were sent in.
  const byParts = addresses.index((address) => [identity(address.parts)]);
  const missing = (id: string): ApiProblem =>
    notFound(`Address not found: customerId: ${core.customerId} addressId: ${id}`);
  registerCollection<AddressRecord>(core, {
    path: '/addresses',
    idName: 'addressId',
    mediaTypes,
    scopes,
    paging: { style: 'scroll', max: 100 },
    rows: () => addresses.all(),
    find: (id) => addresses.get(id),
    render: (address, view) => ({
      ...renderAddress(address),
      ...(view.row ? {} : { addressUsage: addressUsage(core.system, address.id) }),
    }),
    filterFields: {
      country: part('country'),
      state: part('state'),
      displayForm: (address) => address.displayForm,
    },
    sortFields: { city: part('city'), country: part('country'), state: part('state') },
    missing,
  });
  core.router.add({
    method: 'POST',
    path: '/addresses',
    mediaTypes,
    scopes,
    handle: (exchange) => {
      const parts = readAddress(requireObject(exchange));
      const known = byParts.first(identity(parts));
      if (known) {
        audit(core, exchange.actor, known, known);
        return { status: 200, body: renderAddress(known) };
      }
      const address: AddressRecord = {
        id: core.ids.uuid(),
        parts,
        displayForm: displayForm(parts),
        createdTime: new Date(core.clock.now()).toISOString(),
        origin: exchange.actor.via === 'api' ? 'ADMIN_API' : 'ADMIN',
      };
      addresses.put(address);
      audit(core, exchange.actor, undefined, address);
      return { status: 200, body: renderAddress(address) };
    },
  });
  core.router.add({
    method: 'DELETE',
    path: '/addresses/{addressId}',
    mediaTypes,
    scopes,
    handle: (exchange) => {
      const address = addresses.get(exchange.params.addressId ?? '');
      if (!address) throw missing(exchange.params.addressId ?? '');
      if (Object.values(addressUsage(core.system, address.id)).some((count) => count > 0)) {
        throw badRequest('Address is currently in use and cannot be deleted');
      }
      addresses.delete(address.id);
      audit(core, exchange.actor, address, undefined);
      return { status: 204 };
    },
  });
};

function renderAddress(address: AddressRecord): JsonObject {
  const { createdTime, origin } = address;
  return { ...renderAddressParts(address), createdTime, origin };
}

function identity(parts: JsonObject): string {
  return JSON.stringify(
    Object.entries(parts)
      .map(([name, value]) => [name, String(value).toLowerCase()])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
}

function audit(
  core: SandboxCore,
  actor: Actor,
  before: AddressRecord | undefined,
  after: AddressRecord | undefined,
): void {
  core.statistics.write();
  core.audit.record({
    actor,
    time: new Date(core.clock.now()).toISOString(),
    entityType: 'address',
    entityKey: (after ?? before)?.id ?? '',
    displayName: (after ?? before)?.displayForm ?? '',
    before: before && renderAddress(before),
    after: after && renderAddress(after),
  });
}
