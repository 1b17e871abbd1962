import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { PlanReport } from '../../src/report/plan/plan-report.ts';

const root = join(import.meta.dirname, '../..');
const examples = (await readdir(join(root, 'examples'), { recursive: true }))
  // An overlay's patch is no whole resource.
  .filter(
    (name) => name.endsWith('.yaml') && !name.endsWith('kustomization.yaml') && !name.includes('overlays/'),
  )
  .sort();

async function checkBy(file: string) {
  // Formats are Kubernetes' own; what they ask for is checked by `dialops validate`.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(await readFile(join(root, 'schemas', file), 'utf8')));
  return (value: unknown) => {
    validate(value);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

describe('the schema that editors complete and check resources by', () => {
  let faultsOf: (value: unknown) => string[];
  beforeAll(async () => {
    faultsOf = await checkBy('dialops.schema.json');
  });

  it.each(examples)('is named in the first line of %s, and has no objection to it', async (name) => {
    const file = join(root, 'examples', name);
    const text = await readFile(file, 'utf8');
    const schema = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? '';
    expect(resolve(dirname(file), schema)).toBe(join(root, 'schemas/dialops.schema.json'));
    for (const document of parseAllDocuments(text)) expect(faultsOf(document.toJS())).toEqual([]);
  });

  it('names a field that does not exist, a kind that does not exist, and a value that is not allowed', () => {
    const profile = {
      apiVersion: 'dialops.dev/v1alpha1',
      kind: 'UserProfile',
      metadata: { name: 'jane' },
      spec: { firstName: 'Jane', lastName: 'Doe', email: 'jane@example.com', site: { name: 'HQ' } },
    };
    expect(faultsOf(profile)).toEqual([]);
    const misspelt = { ...profile, spec: { ...profile.spec, jobTitel: 'Engineer' } };
    expect(faultsOf(misspelt).join()).toContain('jobTitel');
    expect(faultsOf({ ...profile, kind: 'UserProfil' }).join()).toContain('/kind');
    expect(faultsOf({ ...profile, spec: { ...profile.spec, status: 'Asleep' } }).join()).toContain(
      '/spec/status',
    );
  });

  it('leaves the resources of others alone', () => {
    expect(faultsOf({ apiVersion: 'v1', kind: 'ConfigMap', data: {} })).toEqual([]);
  });
});

describe('the schema of a plan as JSON', () => {
  const full: Required<PlanReport> = {
    format: 'dialops.dev/plan/v1',
    phoneSystem: 'default',
    summary: {
      resources: 1,
      create: 1,
      update: 0,
      delete: 0,
      act: 0,
      held: 1,
      losesData: 0,
      interruptsService: 0,
      emails: 1,
      requests: 3,
      minutes: 0.1,
    },
    changes: [
      {
        id: 'abc',
        action: 'Update',
        object: 'user of UserProfile jane',
        resources: ['UserProfile jane'],
        risk: 'losesData',
        fields: [
          {
            resource: 'UserProfile jane',
            field: 'spec.jobTitle',
            path: 'directoryInfo.jobTitle',
            from: null,
            to: ['anything'],
            fromName: 'Riverside',
            toName: 'Headquarters',
            afterwards: 'given to UserProfile joan',
            removed: true,
            later: true,
            secret: true,
            hidden: true,
            cause: 'drift',
            risk: 'safe',
          },
        ],
        held: { why: 'it is paused', remedy: 'remove the annotation' },
        waitsFor: 'the user comes first',
        requests: 2,
      },
    ],
    problems: [
      { resource: 'UserProfile jane', reason: 'Conflict', field: 'spec.site', message: 'no such site' },
    ],
    faults: [{ file: 'a.yaml', line: 1, column: 3, field: 'spec.email', message: 'is required' }],
    unknown: [{ resource: 'UserProfile jane', why: 'not read' }],
    released: [{ resource: 'UserProfile jane', fields: ['spec.jobTitle'] }],
    edits: [
      {
        resource: 'Extension desk',
        field: 'spec.primaryPhoneNumber',
        from: '+14085550101',
        to: '+14085550199',
        why: 'PortingOrder main has put +14085550199 in the place of +14085550101',
      },
    ],
    undeclared: ['UserProfile joan'],
  };

  it('has every member that a plan can have', async () => {
    const faultsOf = await checkBy('plan.schema.json');
    expect(faultsOf(full)).toEqual([]);
    expect(faultsOf({ ...full, summary: {} }).join()).toContain('/summary');
    expect(faultsOf({ ...full, surprise: true }).join()).toContain('surprise');
  });
});
