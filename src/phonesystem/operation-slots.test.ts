import { describe, expect, it } from 'vitest';
import { OperationSlots } from './operation-slots.ts';

const forever = new AbortController().signal;

describe('OperationSlots', () => {
  it('lets no more in than its limit, and serves in order of arrival', async () => {
    const slots = new OperationSlots(2);
    const order: number[] = [];
    const all = [1, 2, 3, 4].map((n) => slots.acquire(forever).then(() => order.push(n)));
    await Promise.all(all.slice(0, 2));
    expect([slots.inFlight, slots.waiting]).toEqual([2, 2]);
    slots.release();
    await all[2];
    expect(order).toEqual([1, 2, 3]);
    slots.release();
    await all[3];
    expect(slots.inFlight).toBe(2);
  });

  it('forgets who gave up waiting', async () => {
    const slots = new OperationSlots(1);
    await slots.acquire(forever);
    const stop = new AbortController();
    const waiting = slots.acquire(stop.signal);
    stop.abort(new Error('gave up'));
    await expect(waiting).rejects.toThrow('gave up');
    slots.release();
    expect([slots.inFlight, slots.waiting]).toEqual([0, 0]);
  });

  it('counts operations that were under way before, beyond the limit if need be', async () => {
    const slots = new OperationSlots(1);
    slots.resume();
    slots.resume();
    let granted = false;
    const waiting = slots.acquire(forever).then(() => {
      granted = true;
    });
    slots.release();
    await Promise.resolve();
    expect(granted).toBe(false);
    slots.release();
    await waiting;
    expect(slots.inFlight).toBe(1);
  });

  it('notices a slot released twice', () => {
    expect(() => new OperationSlots(1).release()).toThrow('twice');
  });
});
