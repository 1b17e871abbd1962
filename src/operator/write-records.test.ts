import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PendingWrite } from '../account/memory.ts';
import type { Change } from '../account/plan.ts';
import { Superseded } from '../execution/host.ts';
import { MemoryStore } from '../execution/memory-store.ts';
import { finalizer } from '../resources/annotations.ts';
import type { PortingOrder } from '../resources/generated/porting-order.ts';
import { type ResourceRef, referenceTo, resourceKey } from '../resources/reference.ts';
import { extensions, portingOrders, privilegeGrants, type Stored, userProfiles } from './kinds.ts';
import { Cache } from './kubernetes/cache.ts';
import { type KubernetesObject, objectPath, type ResourceType, readObject } from './kubernetes/object.ts';
import { metadataOf } from './kubernetes/testing/fake-api-server.ts';
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

describe('the intent of a write', () => {
  const lobby = { namespace: 'acme', name: 'lobby' };
  const intent: PendingWrite = {
    intent: 'Create',
    objectType: 'portingOrder',
    naturalKey: 'acme/desk',
    since: '2026-01-05T09:00:00.000Z',
    attempt: 1,
  };
  const refOf = (order: Stored<PortingOrder>): ResourceRef => ({
    ...referenceTo(order),
    uid: order.metadata.uid,
  });
  const pendingOf = (ref: ResourceRef) => store.get(resourceKey(ref)).pending;

  function creation(...resources: readonly [ResourceRef, ...ResourceRef[]]): Change {
    return {
      id: 'change-1',
      action: 'Create',
      type: 'portingOrder',
      handle: 'portingOrder/desk',
      naturalKey: 'acme/desk',
      fields: [],
      resources,
      risk: 'safe',
      after: [],
      requests: 1,
    };
  }

  /** Puts an order into the server and, as it is then, into the cache. */
  function seed(of: typeof name, finalizers: readonly string[]): Stored<PortingOrder> {
    const { apiVersion, kind, spec } = desk();
    const metadata = { ...of, ...(finalizers.length > 0 ? { finalizers: [...finalizers] } : {}) };
    const stored = server().put(objectPath(portingOrders, of), {
      apiVersion,
      kind,
      metadata,
      spec: { ...spec },
    });
    const order = readObject(portingOrders, stored);
    orders.upsert(order);
    store.learn(order);
    return order;
  }

  const server = () => fixture.server.store;
  const patches = () =>
    fixture.server.requests.filter(({ verb }) => verb === 'patch').map((request) => request.path);

  it('stands in the status of every resource that it is for', async () => {
    const refs = [refOf(desk()), refOf(seed(lobby, [finalizer]))] as const;
    await records.begin(creation(...refs), intent);
    for (const at of [name, lobby])
      expect(server().get(objectPath(portingOrders, at))).toMatchObject({
        status: { memory: { pending: intent } },
      });
    expect(refs.map(pendingOf)).toEqual([intent, intent]);
  });

  it('comes after the finalizer: what is made must not lose its resource meanwhile', async () => {
    const ref = refOf(seed(lobby, []));
    await records.begin(creation(ref), intent);
    const at = objectPath(portingOrders, lobby);
    expect(patches()).toEqual([at, `${at}/status`]);
    expect(metadataOf(server().get(at)).finalizers).toEqual([finalizer]);
  });

  it('is not noted for a resource that was deleted before it had the finalizer', async () => {
    const order = seed(lobby, []);
    const at = objectPath(portingOrders, lobby);
    const known = server().get(at);
    const deletionTimestamp = '2026-01-05T09:00:00Z';
    server().put(at, { ...known, metadata: { ...metadataOf(known), deletionTimestamp } });
    // The API server takes no new finalizer then.
    fixture.server.fail({ verb: 'patch', path: at, instead: { status: 422 } });
    await expect(records.begin(creation(refOf(order)), intent)).rejects.toThrow(Superseded);
    expect(pendingOf(refOf(order))).toBeUndefined();
    expect(server().get(at)).not.toHaveProperty('status');
  });

  it('is given up where a person has edited the resource since, and kept where something else changed it', async () => {
    const ref = refOf(desk());
    const labelled = { ...metadataOf(server().get(path)), labels: { team: 'sales' } };
    server().put(path, { ...server().get(path), metadata: labelled });
    await records.begin(creation(ref), intent);
    expect(pendingOf(ref)).toEqual(intent);
    store.forget(resourceKey(ref));
    store.learn({ ...desk(), status: {} });
    const edited = { ...desk().spec, numbers: [{ number: '+14085550178' }] };
    server().put(path, { ...server().get(path), spec: edited, status: {} });
    const later = { ...intent, since: '2026-01-05T09:01:00.000Z' };
    await expect(records.begin(creation(ref), later)).rejects.toThrow(Superseded);
    expect(server().get(path)?.status).toEqual({});
    expect(pendingOf(ref)).toBeUndefined();
  });

  it('is given up where the answer to its finalizer shows an edit that nobody has heard of', async () => {
    const order = seed(lobby, []);
    const at = objectPath(portingOrders, lobby);
    const edited = { ...order.spec, numbers: [{ number: '+14085550178' }] };
    server().put(at, { ...server().get(at), spec: edited });
    await expect(records.begin(creation(refOf(order)), intent)).rejects.toThrow(Superseded);
    expect(server().get(at)).not.toHaveProperty('status');
    expect(pendingOf(refOf(order))).toBeUndefined();
  });

  it('is taken back for all of them where it can not be stored for one', async () => {
    const refs = [refOf(desk()), refOf(seed(lobby, [finalizer]))] as const;
    fixture.server.fail({ verb: 'patch', path: '/lobby', instead: { status: 500 } });
    await expect(records.begin(creation(...refs), intent)).rejects.toThrow();
    expect(refs.map(pendingOf)).toEqual([undefined, undefined]);
  });

  it('leaves what was unclear before as it was, where it can not be stored', async () => {
    const ref = refOf(desk());
    const before = { pending: { ...intent, since: '2026-01-05T08:00:00.000Z' }, unclear: true } as const;
    store.update(resourceKey(ref), (memory) => ({ ...memory, ...before }), ref.uid);
    fixture.server.fail({ verb: 'patch', instead: { status: 500 } });
    await expect(records.begin(creation(ref), intent)).rejects.toThrow();
    expect(store.get(resourceKey(ref))).toMatchObject(before);
  });

  it.each([
    ['is gone', () => orders.remove(desk()), {}],
    ['has a namesake made anew', () => undefined, { uid: 'another-uid' }],
    ['is gone and nobody has heard of it', () => server().remove(path), {}],
    ['is changed again and again', () => conflicting(), {}],
  ])('is given up where the resource %s', async (_what, happens, other) => {
    const ref = { ...refOf(desk()), ...other };
    happens();
    await expect(records.begin(creation(ref), intent)).rejects.toThrow(Superseded);
    expect(server().get(path)?.status).toBeUndefined();
    expect(pendingOf(ref)).toBeUndefined();
  });

  const conflicting = () => fixture.server.fail({ verb: 'patch', times: 100, instead: { status: 409 } });

  it('goes from the status where the write is not sent after all', async () => {
    const ref = refOf(desk());
    await records.begin(creation(ref), intent);
    await records.unsent(creation(ref));
    expect(server().get(path)?.status).toEqual({});
    expect(pendingOf(ref)).toBeUndefined();
  });

  it('of an earlier attempt stays, where the second one is not sent', async () => {
    const ref = refOf(desk());
    const before = { pending: { ...intent, since: '2026-01-05T08:00:00.000Z' }, unclear: true } as const;
    store.update(resourceKey(ref), (memory) => ({ ...memory, ...before }), ref.uid);
    await records.begin(creation(ref), intent);
    await records.unsent(creation(ref));
    expect(store.get(resourceKey(ref))).toMatchObject(before);
    expect(server().get(path)).toMatchObject({ status: { memory: { pending: before.pending } } });
  });

  it('of something else stays, where an update beside it is not sent', async () => {
    const ref = refOf(desk());
    await records.begin(creation(ref), intent);
    await records.unsent({ ...creation(ref), action: 'Update', type: 'user', naturalKey: 'somebody' });
    expect(pendingOf(ref)).toEqual(intent);
  });

  it('has the id of the operation once the phone system has given one', async () => {
    const ref = refOf(desk());
    await records.begin(creation(ref), intent);
    const accepted = { ...intent, operationId: 'operation-1' };
    await records.accepted(creation(ref), accepted);
    expect(server().get(path)).toMatchObject({ status: { memory: { pending: accepted } } });
    expect(pendingOf(ref)).toEqual(accepted);
  });

  it('is followed by that id, though it can not be stored', async () => {
    const ref = refOf(desk());
    await records.begin(creation(ref), intent);
    fixture.server.fail({ verb: 'patch', instead: { status: 500 } });
    await records.accepted(creation(ref), { ...intent, operationId: 'operation-1' });
    expect(pendingOf(ref)?.operationId).toBe('operation-1');
    expect(fixture.errors).toHaveLength(1);
  });
});
