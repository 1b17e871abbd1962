import { expect, it, vi } from 'vitest';
import { nearestName } from './nearest-name.ts';

it('finds the name that differs least, and none that is far off', () => {
  expect(nearestName('Springfeld', ['Shelbyville', 'Springfield', 'Springfields'])).toBe('Springfield');
  expect(nearestName('Springfeld', ['Ogdenville'])).toBeUndefined();
});

it('spends nothing on a name whose length alone is too far off', () => {
  const compared = vi.spyOn(String.prototype, 'toLowerCase');
  nearestName('lobby', ['a', 'a name that is much longer than the one that was asked for', 'lobbi']);
  const looked = compared.mock.contexts.map(String);
  compared.mockRestore();
  expect(looked).toEqual(['lobby', 'lobbi']);
});
