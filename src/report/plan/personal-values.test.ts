import { expect, it } from 'vitest';
import { isPersonal } from './personal-values.ts';

it('takes the text of a person for personal, and not that there is none', () => {
  const path = ['directoryInfo', 'department'];
  expect(isPersonal(path, 'Sales')).toBe(true);
  for (const none of [null, '']) expect(isPersonal(path, none)).toBe(false);
  expect(isPersonal(['basicInfo', 'locale'], 'en-US')).toBe(false);
});
