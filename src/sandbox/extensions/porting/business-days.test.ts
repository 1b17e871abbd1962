import { expect, test } from 'vitest';
import { addBusinessDays, isBusinessDay, nextBusinessDay } from './business-days.ts';

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

test('weekends and federal holidays are no business days', () => {
  expect(isBusinessDay(day('2026-01-05'))).toBe(true);
  for (const off of ['2026-01-03', '2026-01-04', '2026-01-01', '2026-01-19', '2026-05-25', '2026-11-26']) {
    expect(isBusinessDay(day(off)), off).toBe(false);
  }
  expect(isBusinessDay(day('2026-07-03')), 'Saturday July 4 is kept on Friday').toBe(false);
  expect(isBusinessDay(day('2027-07-05')), 'Sunday July 4 is kept on Monday').toBe(false);
  expect(isBusinessDay(day('2026-05-18')), 'a Monday before the last one').toBe(true);
});

test('business days are counted from the day after', () => {
  expect(addBusinessDays(day('2026-01-15') + 1, 4)).toBe(day('2026-01-22'));
  expect(nextBusinessDay(day('2026-01-17'))).toBe(day('2026-01-20'));
  expect(nextBusinessDay(day('2026-01-20') + 5)).toBe(day('2026-01-20'));
});
