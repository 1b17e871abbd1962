import { describe, expect, it } from 'vitest';
import type { DesiredField } from '../account/desired.ts';
import type { WirePath } from '../account/objects.ts';
import type { Action, Change } from '../account/plan.ts';
import type { Json } from '../foundation/json.ts';
import { manualStep } from './manual-step.ts';

const refer = (kind: string) => ({ kind, namespace: 'acme', name: 'jane' });

function field(kind: string, name: string, path: WirePath, value: Json, more: Partial<DesiredField> = {}) {
  const owners = [{ resource: refer(kind), field: name }] as const;
  return { path, value, comparison: 'exact', owners, risk: 'safe', ...more } satisfies DesiredField;
}

function step(kind: string, action: Action, type: Change['type'], fields: readonly DesiredField[] = []) {
  const resource = refer(kind);
  const change: Change = {
    id: '1',
    action,
    type,
    handle: `${type}/1`,
    naturalKey: 'jane@example.com',
    fields: [],
    resources: [resource],
    risk: 'safe',
    after: [],
    requests: 1,
  };
  return manualStep(change, fields, resource);
}

describe('what a person does in the web console', () => {
  it.each([
    [
      'UserProfile',
      'Create',
      'user',
      'open Users, and add it there as the YAML has it; adoptionPolicy: IfUnclaimed takes it over',
    ],
    ['UserProfile', 'Delete', 'user', 'open Users, the user, and delete it there'],
    ['UserProfile', 'Create', 'invitation', 'open Users, the user, and send the welcome email there'],
    [
      'PortingOrder',
      'Submit',
      'portingOrder',
      'open Phone Numbers, Port Numbers, the order, and submit it there',
    ],
    [
      'PortingOrder',
      'Cancel',
      'portingOrder',
      'open Phone Numbers, Port Numbers, the order, and cancel it there',
    ],
  ] as const)('for %s, %s of %s', (kind, action, type, expected) => {
    expect(step(kind, action, type)).toBe(`in Admin Console ${expected}`);
  });

  it('has the privileges that all grants together leave, or none', () => {
    const at = (section: string) => ['scopes', 'sections', { by: 'name', is: section }, 'privileges'];
    expect(
      step('PrivilegeGrant', 'Update', 'administrator', [
        field('PrivilegeGrant', 'sections[Users@Main PBX]', at('Users'), ['Manage', 'View']),
        field('PrivilegeGrant', 'sections[Billing@Main PBX]', at('Billing'), []),
      ]),
    ).toContain('spec.sections[Users@Main PBX] (Manage, View), spec.sections[Billing@Main PBX] (none)');
  });

  it('is to take away what is no longer declared', () => {
    const absent = field('Extension', 'number', ['serviceInfo', 'extensions'], null, { absent: true });
    expect(step('Extension', 'Update', 'user', [absent])).toMatch(
      /and take away there what spec\.number named$/,
    );
  });

  it('repeats no names, addresses or secrets, nor more fields than a person reads', () => {
    const many = Array.from({ length: 15 }, (_, index) =>
      field('UserProfile', `field${index}`, ['a'], 'Example'),
    );
    const secret = { kind: 'secret', secret: { name: 'port', key: 'pin' }, revision: '1' } as const;
    const text = step('UserProfile', 'Update', 'user', [
      field('UserProfile', 'pin', ['pin'], null, { source: secret }),
      ...many,
    ]);
    expect(text).toMatch(/: spec\.pin, spec\.field0, .* and 4 more$/);
    expect(text).not.toMatch(/Example|example\.com|none/);
  });
});
