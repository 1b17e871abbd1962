import { expect, it } from 'vitest';
import { printLock } from '../../workspace/lock-text.ts';
import { isLockText } from './lock-mark.ts';

const resource = { apiVersion: 'dialops.dev/v1alpha1', kind: 'UserProfile', metadata: { name: 'jane' } };
const rest = { version: 1, customerId: '0012J', removals: [{ time: '2026-01-05T12:30:00Z', count: 2 }] };
const lock = printLock(rest, [resource, resource]);

it.each([
  ['with resources', lock],
  ['with none', printLock({ version: 1 }, [])],
  ['with the line ends of Windows', lock.replaceAll('\n', '\r\n')],
])('a lock %s is known by its text', (_name, text) => {
  expect(isLockText(text)).toBe(true);
});

it.each([
  ['a document behind it', `${lock}---\napiVersion: dialops.dev/v1alpha1\nkind: UserProfile\n`],
  ['a kind of its own', `${lock}kind: UserProfile\n`],
  ['a kind in quotes', `${lock}"kind": UserProfile\n`],
  ['braces', `${lock.split('version')[0]}{ kind: UserProfile }\n`],
  ['another key', `${lock}? kind\n`],
  ['no such head', lock.replace('# Made by dialops', '# Made by hand')],
])('a file with %s is none', (_name, text) => {
  expect(isLockText(text)).toBe(false);
});
