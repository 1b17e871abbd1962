import { expect, it } from 'vitest';
import { systemClock } from './clock.ts';

it('sleeps longer than the longest timer of the platform', async () => {
  const stop = new AbortController();
  const long = systemClock.sleep(2 ** 31, stop.signal).then(
    () => 'month',
    () => 'stopped',
  );
  expect(await Promise.race([long, systemClock.sleep(20).then(() => 'moment')])).toBe('moment');
  stop.abort();
  expect(await long).toBe('stopped');
});
