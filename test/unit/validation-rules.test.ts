import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/account/compile/input.ts';
import { setFindings } from '../../src/report/findings/set-findings.ts';
import { loadResources } from '../../src/resources/loading/load-resources.ts';
import { type RuleId, validationRule, validationRules } from '../../src/resources/validation-rules.ts';

const resource = (kind: string, name: string, spec: object, metadata: object = {}) =>
  `${JSON.stringify({ apiVersion: 'dialops.dev/v1alpha1', kind, metadata: { name, ...metadata }, spec })}\n`;

const site = { name: 'Springfield HQ' };
const person = (name: string, more: object = {}, metadata: object = {}) =>
  resource(
    'UserProfile',
    name,
    { firstName: 'Jane', lastName: 'Example', email: `${name}@example.com`, site, ...more },
    metadata,
  );
const desk = (name: string, more: object = {}) =>
  resource('Extension', name, { number: '1001', type: 'UC', ...more });
const grant = (name: string, more: object) =>
  resource('PrivilegeGrant', name, { userProfileRef: { name: 'jane' }, ...more });
const sections = { pbxes: ['*'], sections: [{ name: 'Billing', privileges: ['PayBills'] }] };
const copyOf = (name: string) => ({ copyFrom: { privilegeGrantRef: { name } } });
const port = { portType: 'Full', numbers: [{ number: '+14085550123' }] };
const capped = resource('PhoneSystem', 'default', {
  endpoint: 'https://api.example.com',
  apiKeySecretRef: { name: 'key', key: 'api-key' },
  privilegeCap: { sections: [{ name: 'Billing', privileges: ['ViewBills'] }] },
});

/** For each rule, documents that break it and no other, on the standard input. */
const breaches: Readonly<Record<RuleId, readonly string[]>> = {
  'unreadable-file': [''],
  'syntax-error': ['a: ['],
  'not-a-resource': ['{"kind": "UserProfile"}'],
  'unknown-kind': [resource('UserProfil', 'jane', {})],
  'duplicate-resource': [person('jane'), person('jane')],
  'invalid-metadata': [person('jane', {}, { labels: { team: 'not ok' } })],
  'unknown-field': [person('jane', { frstName: 'Jane' })],
  'missing-field': [person('jane', { email: null })],
  'wrong-type': [person('jane', { jobTitle: 5 })],
  'invalid-value': [person('jane', { status: 'On' })],
  'duplicate-item': [
    resource('PrivilegeGrant', 'a', { userProfileRef: { name: 'jane' }, ...sections, pbxes: ['a', 'a'] }),
  ],
  'schema-rule': [person('jane', { site: { name: 'HQ', id: 'site-1' } })],
  'reference-not-found': [desk('desk', { userProfileRef: { name: 'jane' } })],
  'reference-cycle': [person('jane'), grant('a', copyOf('b')), grant('b', copyOf('a'))],
  conflict: [person('jane', { userName: 'same' }), person('june', { userName: 'same' })],
  'refused-value': [person('jane', { locale: 'xx-XX' })],
  'privilege-cap-exceeded': [capped, person('jane'), grant('a', sections)],
  'expired-source': [
    person('jane'),
    grant('a', { ...sections, expiresAt: '2020-01-01T00:00:00Z' }),
    grant('b', copyOf('a')),
  ],
  'incomplete-port': [resource('PortingOrder', 'main', { ...port, submit: true })],
  'missing-emergency-address': [
    person('jane'),
    desk('desk', { userProfileRef: { name: 'jane' }, phoneNumbers: [{ number: '+14085550123' }] }),
  ],
  'same-email': [person('jane'), person('june', { email: 'JANE@example.com', userName: 'june' })],
  'extension-without-profile': [desk('desk', { site })],
};

const capOf = { sections: [{ name: 'Billing', privileges: ['ViewBills'] }] };

async function rulesBroken(documents: readonly string[]) {
  const loaded = await loadResources(['-'], { stdin: async () => documents.join('---\n') });
  const set = setFindings(loaded, {
    now: Date.parse('2030-01-01T00:00:00Z'),
    policyOf: () => ({ ...defaultPolicy, privilegeCap: capOf }),
  });
  return [...loaded.findings, ...set];
}

describe('each rule of docs/validation-rules.md', () => {
  it.each(Object.entries(breaches))(
    '%s is found where it is broken, and nothing else is',
    async (rule, documents) => {
      const findings = await rulesBroken(documents);
      expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule]);
      for (const finding of findings) {
        expect(finding.severity).toBe(validationRule(finding.rule).severity);
        expect(finding.place).toMatchObject({
          file: '-',
          line: expect.any(Number),
          column: expect.any(Number),
        });
        expect(finding.remedy).not.toBe('');
      }
    },
  );

  it('has such an example', () => {
    expect(Object.keys(breaches).sort()).toEqual(Object.keys(validationRules).sort());
  });
});
