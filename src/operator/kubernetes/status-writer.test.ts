import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isJsonObject, type Json } from '../../foundation/json.ts';
import { isApiError } from './api-error.ts';
import { sameValue } from './same-value.ts';
import { NotLeading, StatusWriter } from './status-writer.ts';
import { Fixture, type Widget, widgets } from './testing/fixture.ts';

interface Status {
  readonly ready?: boolean | undefined;
  readonly attempt?: number;
  readonly size?: number;
}
type WidgetWithStatus = Widget & { readonly status?: Status };

let fixture: Fixture;
let writer: StatusWriter<Status, WidgetWithStatus>;
let leading: boolean;
let written: string[];
const one = { namespace: 'default', name: 'one' };

beforeEach(async () => {
  fixture = await Fixture.start();
  leading = true;
  written = [];
  const { client, cache } = fixture;
  const onWritten = (kind: string) => written.push(kind);
  writer = new StatusWriter({ client, cache, type: widgets, mayWrite: () => leading, onWritten });
});

afterEach(async () => {
  await fixture.stop();
});

describe('StatusWriter', () => {
  it('writes a status that differs once, and the same one never again', async () => {
    const { uid } = fixture.seed('one').metadata;
    expect(await writer.write(one, uid, () => ({ ready: true }))).toBe('written');
    expect(await writer.write(one, uid, () => ({ ready: true, attempt: undefined as never }))).toBe(
      'unchanged',
    );
    expect(fixture.stored('one').status).toEqual({ ready: true });
    expect(fixture.server.count('patch')).toBe(1);
    expect(writer.writes).toBe(1);
    expect(written).toEqual(['Widget']);
  });

  it('writes what the definition of the type holds, and never again what it can not hold', async () => {
    const { uid } = fixture.seed('one').metadata;
    const { client, cache } = fixture;
    const fitStatus = (status: Json) => (isJsonObject(status) ? { ...status, size: 9 } : status);
    const type = { ...widgets, fitStatus };
    const fitting = new StatusWriter<Status, WidgetWithStatus>({ client, cache, type, mayWrite: () => true });
    expect(await fitting.write(one, uid, () => ({ size: 100 }))).toBe('written');
    expect(await fitting.write(one, uid, () => ({ size: 200 }))).toBe('unchanged');
    expect(fixture.stored('one').status).toEqual({ size: 9 });
  });

  it('removes what the new status no longer has, and leaves the spec alone', async () => {
    const { uid } = fixture.seed('one', { spec: { size: 1 }, status: { ready: false, attempt: 1 } }).metadata;
    await writer.write(one, uid, () => ({ ready: true }));
    expect(fixture.stored('one')).toMatchObject({ spec: { size: 1 }, status: { ready: true } });
    expect(fixture.stored('one').status).not.toHaveProperty('attempt');
  });

  it('refuses a checked write on a stale version, reads again and decides again', async () => {
    const { uid } = fixture.seed('one', { spec: { size: 1 }, status: { attempt: 1 } }).metadata;
    fixture.edit('one', { spec: { size: 2 }, status: { attempt: 5 } });
    const seen: unknown[] = [];
    const outcome = await writer.write(
      one,
      uid,
      (object) => {
        seen.push(object.spec);
        return { attempt: (object.status?.attempt ?? 0) + 1 };
      },
      { checked: true },
    );
    expect(outcome).toBe('written');
    expect(seen).toEqual([{ size: 1 }, { size: 2 }]);
    expect(fixture.stored('one').status).toEqual({ attempt: 6 });
    expect(writer.writes).toBe(2);
    expect(written).toEqual(['Widget']);
  });

  it('writes nothing when the fresh state needs nothing', async () => {
    const { uid } = fixture.seed('one').metadata;
    fixture.edit('one', { status: { ready: true } });
    expect(await writer.write(one, uid, () => ({ ready: true }), { checked: true })).toBe('unchanged');
  });

  it('never writes to a namesake', async () => {
    const { uid } = fixture.seed('one').metadata;
    fixture.server.store.remove('/apis/example.com/v1/namespaces/default/widgets/one');
    expect(await writer.write(one, uid, () => ({ ready: true }))).toBe('gone');
    fixture.seed('two');
    const two = { namespace: 'default', name: 'two' };
    const old = fixture.stored('two').metadata.uid;
    fixture.server.store.remove('/apis/example.com/v1/namespaces/default/widgets/two');
    fixture.server.store.put('/apis/example.com/v1/namespaces/default/widgets/two', {});
    expect(await writer.write(two, old, () => ({ ready: true }))).toBe('gone');
    expect(fixture.stored('two')).not.toHaveProperty('status');
  });

  it('writes nothing once it no longer leads', async () => {
    const { uid } = fixture.seed('one').metadata;
    leading = false;
    await expect(writer.write(one, uid, () => ({ ready: true }))).rejects.toBeInstanceOf(NotLeading);
    expect(fixture.server.count('patch')).toBe(0);
  });

  it('reports a status that the schema refuses instead of trying again', async () => {
    const { uid } = fixture.seed('one').metadata;
    fixture.server.fail({ verb: 'patch', times: 9, instead: { status: 422 } });
    const error = await writer.write(one, uid, () => ({ ready: true })).catch((each: unknown) => each);
    expect(isApiError(error, 'invalid')).toBe(true);
    expect(fixture.server.count('patch')).toBe(1);
  });

  it('gives up after a few conflicts', async () => {
    const { uid } = fixture.seed('one').metadata;
    fixture.server.fail({ verb: 'patch', times: 99, instead: { status: 409 } });
    const error = await writer.write(one, uid, () => ({ ready: true })).catch((each: unknown) => each);
    expect(isApiError(error, 'conflict')).toBe(true);
    expect(fixture.server.count('patch')).toBe(5);
  });
});

describe('sameValue', () => {
  it('compares what JSON would carry', () => {
    expect(sameValue({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameValue({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
    expect(sameValue({ a: null }, {})).toBe(false);
    expect(sameValue([1, 2], [2, 1])).toBe(false);
    expect(sameValue([], {})).toBe(false);
  });
});
