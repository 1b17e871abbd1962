import { expect, it } from 'vitest';
import { ProgressLine, progressText } from './progress.ts';

it('says what is done, under way and waiting, and how long it will take at this pace', () => {
  const text = progressText({
    done: 12,
    of: 57,
    inFlight: ['create user', 'update user'],
    elapsedMs: 60_000,
  });
  expect(text).toBe('12 of 57 done, 2 in flight (create user, …), 43 wait, about 4 min left');
  expect(progressText({ done: 0, of: 2, inFlight: ['create user'], elapsedMs: 0 })).toBe(
    '0 of 2 done, 1 in flight (create user), 1 waits',
  );
  expect(progressText({ done: 2, of: 2, inFlight: [], elapsedMs: 9_000 })).toBe('2 of 2 done');
});

it('keeps to one line of the terminal, and to none where there is none', () => {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  const progress = { done: 1, of: 9, inFlight: ['create user of UserProfile jane'], elapsedMs: 1_000 };
  const line = new ProgressLine({ isTTY: true, columns: 30, write });
  line.show(progress);
  line.clear();
  line.clear();
  expect(written).toEqual(['\r\u001b[2K1 of 9 done, 1 in flight (cr…', '\r\u001b[2K']);
  new ProgressLine({ isTTY: false, columns: 30, write }).show(progress);
  expect(written).toHaveLength(2);
});
