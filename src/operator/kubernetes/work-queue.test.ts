import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from './testing/manual-clock.ts';
import { WorkQueue } from './work-queue.ts';

let clock: ManualClock;
let queue: WorkQueue;

beforeEach(() => {
  clock = new ManualClock();
  queue = new WorkQueue({ clock, random: () => 0.999_999, backoff: { baseMs: 1_000, maxMs: 60_000 } });
});

async function take(): Promise<string | undefined> {
  const item = await queue.next();
  return item?.key;
}

describe('WorkQueue', () => {
  it('hands out a key that was added many times once', async () => {
    for (let index = 0; index < 10; index += 1) queue.add('a');
    queue.add('b');
    expect(queue.depth('edit')).toBe(2);
    expect([await take(), await take()]).toEqual(['a', 'b']);
    expect(queue.depth('edit')).toBe(0);
  });

  it('lets people’s edits overtake resyncs, and makes a waiting resync an edit', async () => {
    queue.add('r1', 'resync');
    queue.add('r2', 'resync');
    queue.add('e1', 'edit');
    queue.add('r2', 'edit');
    queue.add('e1', 'resync');
    expect([await take(), await take(), await take()]).toEqual(['e1', 'r2', 'r1']);
  });

  it('gives a key to one worker at a time, and again when it changed meanwhile', async () => {
    queue.add('a');
    await take();
    queue.add('a', 'resync');
    queue.add('a', 'edit');
    let second: string | undefined;
    const waiting = take().then((key) => {
      second = key;
    });
    await clock.advance(1_000);
    expect(second).toBeUndefined();
    queue.done('a');
    await waiting;
    expect(second).toBe('a');
    queue.done('a');
    expect(queue.depth('edit') + queue.depth('resync')).toBe(0);
  });

  it('hands a key to a worker that was already waiting', async () => {
    const waiting = take();
    queue.add('late');
    expect(await waiting).toBe('late');
  });

  it('adds a key after its delay, the earliest of several, with one timer for all', async () => {
    queue.addAfter('a', 10_000);
    queue.addAfter('b', 20_000);
    queue.addAfter('a', 5_000);
    queue.addAfter('a', 30_000);
    expect(clock.waits).toEqual([5_000]);
    await clock.advance(4_999);
    expect(queue.depth('resync')).toBe(0);
    await clock.advance(1);
    expect(await take()).toBe('a');
    await clock.advance(15_000);
    expect(await take()).toBe('b');
    expect(queue.delayed).toBe(0);
    await clock.advance(60_000);
    expect(queue.depth('resync')).toBe(0);
  });

  it('backs off each key by itself, up to the maximum, until it is forgotten', () => {
    const waits = Array.from({ length: 8 }, () => queue.addRateLimited('bad'));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(queue.addRateLimited('other')).toBe(1_000);
    queue.forget('bad');
    expect(queue.addRateLimited('bad')).toBe(1_000);
    const low = new WorkQueue({ clock, random: () => 0, backoff: { baseMs: 1_000, maxMs: 60_000 } });
    expect(low.addRateLimited('bad')).toBe(500);
  });

  it('does not let a key in back-off hold up an edit of it', async () => {
    queue.addRateLimited('a');
    queue.add('a', 'edit');
    expect(await take()).toBe('a');
  });

  it('says how long a key had been ready', async () => {
    queue.add('a');
    await clock.advance(3_000);
    expect(await queue.next()).toEqual({ key: 'a', priority: 'edit', waitedMs: 3_000 });
  });

  it('drains on shutdown: nothing more is handed out, and it ends with the last worker', async () => {
    queue.add('a');
    queue.add('b');
    await take();
    await take();
    const waiting = take();
    queue.add('a');
    queue.addAfter('c', 1_000);
    let drained = false;
    const down = queue.shutDown().then(() => {
      drained = true;
    });
    expect(await waiting).toBeUndefined();
    queue.done('a');
    await clock.advance(10_000);
    expect(drained).toBe(false);
    queue.done('b');
    await down;
    queue.add('d');
    expect(await take()).toBeUndefined();
    expect(clock.waits).toEqual([]);
  });

  it('releases any set of delays in the order of their times', async () => {
    const entries = fc.array(
      fc.record({ key: fc.integer({ min: 0, max: 30 }), ms: fc.integer({ min: 1, max: 500 }) }),
      {
        maxLength: 150,
      },
    );
    await fc.assert(
      fc.asyncProperty(entries, async (delays) => {
        const own = new ManualClock(0);
        const tried = new WorkQueue({ clock: own, random: () => 0.5 });
        const earliest = new Map<string, number>();
        for (const { key, ms } of delays) {
          tried.addAfter(`k${key}`, ms);
          earliest.set(`k${key}`, Math.min(ms, earliest.get(`k${key}`) ?? ms));
        }
        const released = new Map<string, number>();
        while (tried.delayed > 0) {
          await own.advance(own.waits[0] ?? 1);
          while (tried.depth('resync') > 0) {
            const item = await tried.next();
            if (item) released.set(item.key, own.now());
          }
        }
        expect(new Map([...released].sort())).toEqual(new Map([...earliest].sort()));
      }),
      { numRuns: 50 },
    );
  });
});
