import { describe, expect, it } from 'vitest';
import { LatencyEstimate } from './latency.ts';
import { OperationSlots, type Slot } from './operation-slots.ts';

const now = Date.UTC(2026, 0, 5, 9);

/** A hundred operations of 2–5 s, the last of them just over. */
function usual(): LatencyEstimate {
  const estimate = new LatencyEstimate();
  for (let index = 0; index < 100; index++) {
    const acceptedAt = now - 60_000 + index * 500;
    const end = acceptedAt + 2_001 + ((index * 977) % 3_000);
    estimate.observe({ acceptedAt, missedAt: end - 100, seenAt: end, markedAt: end });
  }
  return estimate;
}

function accepted(slots: OperationSlots, ages: readonly number[], latency?: LatencyEstimate): Slot[] {
  return ages.map((age) => {
    const slot = slots.take();
    slot.accepted(now - age, latency);
    return slot;
  });
}

const ten = Array.from({ length: 10 }, () => 6_000);

describe('places for operations', () => {
  it('are ten while writes are on their way', () => {
    const slots = new OperationSlots(10);
    for (let count = 0; count < 10; count++) {
      expect(slots.mayTake(now)).toBe(true);
      slots.take();
    }
    expect(slots.mayTake(now)).toBe(false);
    expect(slots.sending).toBe(10);
  });

  it('are free again only when an end is known, as long as nothing is known of latencies', () => {
    const slots = new OperationSlots(10);
    const [first] = accepted(slots, ten, new LatencyEstimate());
    expect(slots.mayTake(now + 3_600_000)).toBe(false);
    expect(slots.nextChance(now)).toBe(Number.POSITIVE_INFINITY);
    first?.over();
    expect(slots.mayTake(now)).toBe(true);
  });

  it('are held to the end by writes that no list shows', () => {
    const slots = new OperationSlots(10);
    accepted(slots, ten);
    expect(slots.mayTake(now)).toBe(false);
  });

  it('are likely free once nearly all operations would be over', () => {
    const slots = new OperationSlots(10);
    accepted(slots, ten, usual());
    expect(slots.mayTake(now)).toBe(true);
  });

  it('are not free while the operations are young, and the time when they will be is known', () => {
    const slots = new OperationSlots(10);
    accepted(
      slots,
      Array.from({ length: 10 }, () => 0),
      usual(),
    );
    expect(slots.mayTake(now)).toBe(false);
    const chance = slots.nextChance(now);
    expect(chance).toBeGreaterThan(now + 2_000);
    expect(chance).toBeLessThan(now + 6_000);
  });

  it('stay taken by operations that were seen not to be over when they should have been', () => {
    const slots = new OperationSlots(10);
    for (const slot of accepted(
      slots,
      Array.from({ length: 10 }, () => 20_000),
      usual(),
    ))
      slot.missed(now - 5_000);
    expect(slots.mayTake(now)).toBe(false);
  });

  it('keep a reserve for stragglers that nobody knows of', () => {
    const slots = new OperationSlots(10);
    accepted(slots, [...Array.from({ length: 8 }, () => 500), ...ten], usual());
    expect(slots.mayTake(now)).toBe(false);
    const fewer = new OperationSlots(10);
    accepted(fewer, [...Array.from({ length: 7 }, () => 500), ...ten], usual());
    expect(fewer.mayTake(now)).toBe(true);
  });

  it('are never two and a half times as many, however likely all is over', () => {
    const slots = new OperationSlots(10);
    accepted(
      slots,
      Array.from({ length: 24 }, () => 8_000),
      usual(),
    );
    expect(slots.mayTake(now)).toBe(true);
    accepted(slots, [8_000], usual());
    expect(slots.mayTake(now)).toBe(false);
  });

  it('are given back with the task', () => {
    const slots = new OperationSlots(1);
    const slot = slots.take();
    expect(slots.mayTake(now)).toBe(false);
    slot.release();
    expect(slots.mayTake(now)).toBe(true);
  });
});
