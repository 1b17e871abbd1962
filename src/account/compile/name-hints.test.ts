import { expect, it } from 'vitest';
import { NameHints } from './name-hints.ts';

/** Names, with the number of times that somebody went through them. */
function counted(names: readonly string[]) {
  const counter = { times: 0 };
  const list = {
    size: names.length,
    *[Symbol.iterator]() {
      counter.times++;
      yield* names;
    },
  };
  return { counter, list };
}

it('looks for the same name in the same list once', () => {
  const { counter, list } = counted(['omar@example.com']);
  const hints = new NameHints();
  const ask = () => hints.near('omer@example.com', 'user', list);
  expect([ask(), ask()]).toEqual(Array(2).fill('did you mean "omar@example.com"?'));
  expect(counter.times).toBe(1);
});

it('stops looking once it has gone through as many names as one round may cost', () => {
  const { counter, list } = counted(['omar@example.com', 'jane@example.com']);
  const hints = new NameHints(4);
  const asked = ['omer', 'omir', 'omur'].map((name) => hints.near(`${name}@example.com`, 'user', list));
  expect(asked).toEqual(['did you mean "omar@example.com"?', 'did you mean "omar@example.com"?', '']);
  expect(counter.times).toBe(2);
});

it('keeps the lists apart', () => {
  const hints = new NameHints();
  hints.near('Sales', 'site', ['Sale']);
  expect(hints.near('Sales', 'ringGroup', ['Salem'])).toContain('Salem');
});
