import { describe, expect, it } from 'vitest';
import type { Change, Outcome } from '../../account/plan.ts';
import { nothingDesired } from '../../account/testing/nothing-desired.ts';
import { resourceKey } from '../../resources/reference.ts';
import { reportPlan } from './plan-report.ts';

const resource = { kind: 'Extension', namespace: 'acme', name: 'jane' } as const;
/** What a plan calls released that writes these fields, when memory has those beside. */
function releasedOf(written: readonly string[], released: readonly string[]): readonly string[] {
  const outcome: Outcome = {
    resource,
    reason: 'Pending',
    message: '',
    verified: true,
    drift: [],
    changes: [],
    applied: {},
    released,
  };
  const change: Change = {
    id: '1',
    action: 'Update',
    type: 'user',
    handle: 'user/UserProfile/acme/jane',
    naturalKey: 'jane',
    fields: written.map((field) => {
      const owners = [{ resource, field }] as const;
      const path = ['serviceInfo', field];
      const base = { path, owners, risk: 'safe' } as const;
      return {
        ...base,
        to: null,
        cause: 'pending',
        secret: false,
        field: { ...base, value: null, comparison: 'exact' },
      };
    }),
    resources: [resource],
    risk: 'safe',
    after: [],
    requests: 2,
  };
  const plan = { changes: [change], outcomes: new Map([[resourceKey(resource), outcome]]), reads: [] };
  const report = reportPlan(plan, nothingDesired, {
    phoneSystem: 'default',
    resources: 1,
    findings: [],
    undeclared: [],
    showValues: true,
    nameOf: () => undefined,
    limits: { perMinute: 100, operationsInFlight: 10 },
  });
  return report.released.flatMap(({ fields }) => fields);
}

describe('what a plan releases', () => {
  it('is an entry that is named no longer, and not one of a list that is emptied', () => {
    expect(releasedOf(['phoneNumbers[+2]'], ['phoneNumbers[+1]'])).toEqual(['spec.phoneNumbers[+1]']);
    expect(releasedOf(['phoneNumbers'], ['phoneNumbers[+1]', 'primaryPhoneNumber'])).toEqual([
      'spec.primaryPhoneNumber',
    ]);
    expect(releasedOf(['phoneNumbers[+1]'], ['phoneNumbers'])).toEqual([]);
  });

  it('is named as in the YAML, once', () => {
    expect(releasedOf([], ['directory.visible', 'directory.visible#user'])).toEqual([
      'spec.directory.visible',
    ]);
  });
});
