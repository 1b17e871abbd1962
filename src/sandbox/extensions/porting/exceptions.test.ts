import { expect, test } from 'vitest';
import { messageOf } from './exceptions.ts';

test('an exception says what is wrong and what to do', () => {
  expect(messageOf('PASSCODE_PIN_INVALID')).toBe('The PIN or passcode is wrong: correct the account data');
  expect(messageOf('FOC_EXPIRED')).toContain('ask for another date');
});

test('a code that nobody has heard of needs a person', () => {
  expect(messageOf('NEVER_SEEN')).toBe('The port was rejected: contact porting support');
});
