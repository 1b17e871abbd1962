import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryStore } from '../execution/memory-store.ts';
import { finalizer } from '../resources/annotations.ts';
import type { PortingOrder } from '../resources/generated/porting-order.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import { extensions, portingOrders, privilegeGrants, type Stored, userProfiles } from './kinds.ts';
import { Cache } from './kubernetes/cache.ts';
import { type KubernetesObject, objectPath, type ResourceType, readObject } from './kubernetes/object.ts';
import { Fixture } from './kubernetes/testing/fixture.ts';
import { accountTools, ResourceCache } from './resource-cache.ts';
import { StatusBoard } from './status-board.ts';
import { WriteRecords } from './write-records.ts';

const name = { namespace: 'acme', name: 'desk' };
const path = objectPath(portingOrders, name);

let fixture: Fixture;
let orders: Cache<Stored<PortingOrder>>;
let resources: ResourceCache;
let store: MemoryStore;
let records: WriteRecords;

beforeEach(async () => {
  fixture = await Fixture.start();
  const onError = (error: unknown) => fixture.errors.push(error);
  orders = new Cache<Stored<PortingOrder>>(onError);
  const caches = {
    UserProfile: cacheOf(userProfiles),
    Extension: cacheOf(extensions),
    PrivilegeGrant: cacheOf(privilegeGrants),
    PortingOrder: orders,
  };
  const policy = { mayWrite: () => true, onWritten: () => undefined };
  resources = new ResourceCache(caches, accountTools(fixture.client, caches, policy), 'acme', 'default');
  const spec = { numbers: [{ number: '+14085550177' }], portType: 'Full' };
  const metadata = { ...name, finalizers: [finalizer], generation: 1 };
  const order = { apiVersion: 'dialops.dev/v1alpha1', kind: 'PortingOrder', metadata, spec };
  orders.upsert(readObject(portingOrders, fixture.server.store.put(path, order)));
  store = new MemoryStore();
  for (const resource of resources.list()) store.learn(resource);
  const board = new StatusBoard({ resources, onError });
  const log = { error: (_message: string, error: unknown) => onError(error) };
  records = new WriteRecords({ resources, store, board, log });
});

afterEach(() => fixture.stop());

function cacheOf<T extends KubernetesObject>(_type: ResourceType<T>): Cache<T> {
  return new Cache<T>((error) => fixture.errors.push(error));
}

function desk(): Stored<PortingOrder> {
  const found = orders.get(name);
  if (!found) throw new Error('The order is gone');
  return found;
}

it('has an upload in the status at once, before anything is written with it', async () => {
  const resource = referenceTo(desk());
  await records.remember({ resource, key: 'document:bill', value: '7=document-1' });
  expect(fixture.server.store.get(path)).toMatchObject({
    status: { memory: { handled: { 'document:bill': '7=document-1' } } },
  });
  expect(fixture.errors).toEqual([]);
});

it('does not forget an upload that could not be stored, nor fails for it', async () => {
  const resource = referenceTo(desk());
  fixture.server.fail({ verb: 'patch', instead: { status: 500 } });
  await records.remember({ resource, key: 'document:bill', value: '7=document-1' });
  expect(fixture.errors).toHaveLength(1);
  expect(store.get(resourceKey(resource)).handled).toEqual({ 'document:bill': '7=document-1' });
});
