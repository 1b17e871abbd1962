import { describe, expect, it } from 'vitest';
import type { DriftedResource, DriftFindings } from '../../account/drift/drift-findings.ts';
import type { Authorship } from '../../account/drift/drift-wording.ts';
import { driftReportStatus } from './drift-report-status.ts';

const drifted = (name: string, more: Partial<DriftedResource> = {}): DriftedResource => ({
  resource: { kind: 'UserProfile', namespace: 'acme', name },
  state: 'Drifted',
  externalId: `id-${name}`,
  fields: [
    {
      field: 'jobTitle',
      path: ['directoryInfo', 'jobTitle'],
      declared: 'Clerk',
      account: 'Queen',
      cause: 'drift',
    },
  ],
  ...more,
});

function findings(resources: readonly DriftedResource[], more: Partial<DriftFindings> = {}): DriftFindings {
  return { managed: 5, drifted: resources, notApplied: [], unmanaged: [], unknown: [], ...more };
}

function status(
  found: DriftFindings,
  before?: ReturnType<typeof driftReportStatus>,
  now = '2026-01-05T09:00:00Z',
  author: Authorship = { state: 'NotRecorded' },
) {
  return driftReportStatus(before, { findings: found, now, generation: 1, authorOf: () => author });
}

const later = '2026-01-05T10:00:00Z';

describe('the status of a DriftReport', () => {
  it('is the same when the same is found again', () => {
    const first = status(findings([drifted('jane')]));
    expect(status(findings([drifted('jane')]), first, later)).toEqual(first);
    expect(first.history).toEqual([{ time: '2026-01-05T09:00:00Z', drifted: 1, missing: 0 }]);
    expect(first.resources?.[0]).toMatchObject({ since: '2026-01-05T09:00:00Z', author: 'NotRecorded' });
  });

  it('holds no value of the account', () => {
    expect(JSON.stringify(status(findings([drifted('jane')])))).not.toMatch(/Queen|Clerk/);
  });

  it('counts what was put right, and remembers 50 changes at most', () => {
    const first = status(findings([drifted('jane'), drifted('joan')]));
    const second = status(findings([drifted('joan')]), first, later);
    expect(second.history?.at(-1)).toEqual({ time: later, drifted: 1, missing: 0, corrected: 1 });
    let last = second;
    for (let round = 0; round < 120; round++) {
      last = status(findings(round % 2 === 0 ? [] : [drifted('joan')]), last, later);
    }
    expect(last.history).toHaveLength(50);
  });

  it('says nothing of history while there was never any drift', () => {
    expect(status(findings([]))).toMatchObject({ summary: { drifted: 0 } });
    expect(status(findings([])).history).toBeUndefined();
    expect(status(findings([])).conditions?.[0]).toMatchObject({
      reason: 'Reported',
      message: 'No drift: 5 managed resources.',
    });
  });

  it('keeps who was known once, and asks anew for another change', () => {
    const known: Authorship = { state: 'Known', actor: 'culprit@example.com', at: later };
    const first = status(findings([drifted('jane')]), undefined, later, known);
    const after = status(findings([drifted('jane')]), first, later);
    expect(after.resources?.[0]).toMatchObject({ changedBy: 'culprit@example.com', author: 'Known' });
    const gone = status(findings([drifted('jane', { state: 'Missing', fields: [] })]), first, later);
    expect(gone.resources?.[0]).toMatchObject({ state: 'Missing', author: 'NotRecorded' });
    expect(gone.resources?.[0]).not.toHaveProperty('changedBy');
  });

  it('names 200 resources and counts the others, and types that could not be read', () => {
    const many = Array.from({ length: 230 }, (_, index) => drifted(`user-${index}`));
    const unknown = [{ type: 'administrator' as const, why: 'No right' }, { why: 'something else' }];
    const found = status(findings(many, { unknown, unmanaged: [{ type: 'user', id: 'u9' }] }));
    expect(found).toMatchObject({
      summary: { drifted: 230, unknown: 1, unmanaged: 1 },
      truncated: 30,
      unknown: [{ type: 'administrator', reason: 'No right' }],
      unmanaged: [{ type: 'user', count: 1 }],
    });
    expect(found.resources).toHaveLength(200);
    expect(found.resources?.[0]?.paths).toEqual([{ path: 'directoryInfo.jobTitle', owner: 'spec.jobTitle' }]);
  });

  it('stays below what an API server stores, whatever texts an account holds', () => {
    const path = ['x'.repeat(900)];
    const field = { field: 'y'.repeat(900), path, declared: 'a', account: 'b', cause: 'drift' } as const;
    const many = Array.from({ length: 200 }, (_, index) =>
      drifted(`user-${index}`, { fields: Array.from({ length: 20 }, () => field) }),
    );
    const found = status(findings(many));
    expect(JSON.stringify(found).length).toBeLessThan(600 * 1024);
    expect(found.truncated).toBe(200 - (found.resources?.length ?? 0));
  });
});
