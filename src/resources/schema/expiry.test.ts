import { expect, it } from 'vitest';
import { SchemaCheck } from './schema-check.ts';

const check = new SchemaCheck();

function isTaken(expiresAt: string): boolean {
  const spec = {
    userProfileRef: { name: 'jane' },
    pbxes: ['*'],
    sections: [{ name: 'Users', privileges: ['View'] }],
    expiresAt,
  };
  const grant = {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'PrivilegeGrant',
    metadata: { name: 'jane', namespace: 'acme' },
    spec,
  };
  return check.check('PrivilegeGrant', grant).valid;
}

it.each(['2030-01-31T17:00:00Z', '2030-01-31T17:00:00.123456Z', '2030-01-31t17:00:00.5+23:59'])(
  'takes %s for the end of a grant, and so does a clock',
  (text) => {
    expect(isTaken(text)).toBe(true);
    expect(Date.parse(text)).not.toBeNaN();
  },
);

it.each([
  '2030-01-31T17:00:00+99:99',
  '2030-01-31T17:00:00-24:00',
  '2030-01-31T17:00:00x5Z',
  '2030-01-31',
  '2030-02-30T17:00:00Z',
])('takes %s for no end that a clock reaches', (text) => {
  expect(isTaken(text)).toBe(false);
});
