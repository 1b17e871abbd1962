import { describe, expect, test } from 'vitest';
import { type Condition, conditionTypes, nextConditions, verdictsOf } from './conditions.ts';
import { type ReadyReason, readyReasons } from './ready-reasons.ts';

const early = { now: '2026-01-01T00:00:00Z', generation: 1 };
const late = { now: '2026-01-02T00:00:00Z', generation: 2 };

function typesOf(conditions: readonly Condition[]): readonly string[] {
  return conditions.map(({ type, status }) => `${type}=${status}`);
}

describe('the reasons of Ready', () => {
  const reasons: readonly (readonly [string, ReadyReason])[] = Object.entries(readyReasons);

  test.each(reasons)('%s is a legal reason and explains itself', (name, reason) => {
    expect(name).toMatch(/^[A-Z][A-Za-z]*$/);
    expect(reason.meaning).toMatch(/\.$/);
    expect(reason.kinds.length).toBeGreaterThan(0);
  });

  test.each(reasons.filter(([, { ready }]) => ready !== 'True'))('%s tells the way out', (_name, reason) => {
    expect(reason.remedy).toMatch(/\.$/);
  });

  test.each(reasons.filter(([, { progress }]) => progress === 'stalled'))(
    '%s is not Ready',
    (_name, reason) => {
      expect(reason.ready).toBe('False');
    },
  );

  test('never have Ready stand beside Reconciling or Stalled', () => {
    const ready = reasons.filter(([, reason]) => reason.ready === 'True');
    expect(ready.filter(([, reason]) => reason.progress !== 'settled')).toEqual([]);
  });

  test('call a port under way, an expired grant and a reported drift Ready', () => {
    for (const reason of ['InFlight', 'Draft', 'Expired', 'DriftNotCorrected'] as const) {
      expect(verdictsOf(reason, 'm')).toMatchObject([{ type: 'Ready', status: 'True', reason }]);
    }
  });

  test('call waiting for consent, Unsupported and Conflict Stalled', () => {
    for (const reason of ['ConsentRequired', 'Unsupported', 'Conflict'] as const) {
      expect(verdictsOf(reason, 'm').map(({ type, status }) => `${type}=${status}`)).toEqual([
        'Ready=False',
        'Stalled=True',
      ]);
    }
  });
});

describe('the conditions of a status', () => {
  test('keep their transition time while their status stays, whatever else changes', () => {
    const first = nextConditions([], verdictsOf('Creating', 'a'), early);
    const second = nextConditions(first, verdictsOf('Conflict', 'b'), late);
    expect(second[0]).toEqual({
      type: 'Ready',
      status: 'False',
      reason: 'Conflict',
      message: 'b',
      observedGeneration: 2,
      lastTransitionTime: early.now,
    });
    const third = nextConditions(second, verdictsOf('Synced', 'c'), late);
    expect(third[0]?.lastTransitionTime).toBe(late.now);
  });

  test('have messages of a length that a person reads', () => {
    const [ready] = nextConditions([], verdictsOf('Conflict', '😀'.repeat(5_000)), early);
    expect([...(ready?.message ?? '')]).toHaveLength(1_000);
    expect(ready?.message.endsWith('😀…')).toBe(true);
  });

  test('are equal for equal findings', () => {
    const first = nextConditions([], verdictsOf('Synced', 'a'), early);
    expect(nextConditions(first, verdictsOf('Synced', 'a'), { ...late, generation: 1 })).toEqual(first);
  });

  test('drop Reconciling once Ready', () => {
    const first = nextConditions([], verdictsOf('Updating', 'a'), early);
    expect(typesOf(first)).toEqual(['Ready=False', 'Reconciling=True']);
    expect(typesOf(nextConditions(first, verdictsOf('Synced', ''), late))).toEqual(['Ready=True']);
  });

  const paused = { type: 'Paused', status: 'True', reason: 'Annotation', message: 'm' } as const;

  test('freeze while paused, each with the generation that it spoke of', () => {
    const first = nextConditions([], verdictsOf('Synced', 'a'), early);
    const frozen = nextConditions(first, [...verdictsOf('Paused', ''), paused], late);
    expect(typesOf(frozen)).toEqual(['Ready=True', 'Paused=True']);
    expect(frozen[0]).toEqual(first[0]);
    expect(nextConditions(frozen, [paused], late)).toEqual(frozen);
  });

  test('say Unknown of a resource that was paused from the start', () => {
    const frozen = nextConditions([], [paused], early);
    expect(typesOf(frozen)).toEqual(['Ready=Unknown', 'Paused=True']);
  });

  test('lose Paused once the pause is lifted', () => {
    const frozen = nextConditions([], [paused], early);
    expect(typesOf(nextConditions(frozen, verdictsOf('Synced', ''), late))).toEqual(['Ready=True']);
  });
});

test('every condition but Ready, Reconciling and Stalled lists its own reasons', () => {
  const shared = ['Ready', 'Reconciling', 'Stalled'];
  for (const [name, { reasons }] of Object.entries(conditionTypes)) {
    expect(Object.keys(reasons).length > 0).toBe(!shared.includes(name));
  }
});
