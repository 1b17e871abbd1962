import { describe, expect, it } from 'vitest';
import { readSchema } from '../../resources/definition-file.ts';
import { kinds } from '../../resources/kinds.ts';
import { explainText } from './explain-text.ts';
import { explainField, type FieldExplanation, namesakeInSpec, UnknownField } from './field-explanation.ts';

const profile = await readSchema('UserProfile');
const grant = await readSchema('PrivilegeGrant');

describe('what a field means', () => {
  it('finds a field with and without spec before it', () => {
    const short = explainField('UserProfile', profile, ['jobTitle']);
    expect(short).toEqual(explainField('UserProfile', profile, ['spec', 'jobTitle']));
    expect(short).toMatchObject({ field: 'spec.jobTitle', type: 'string', required: false });
    expect(short.limits).toContain('at most 512 characters');
  });

  it('tells of a field of the same name in spec, which a person may have meant', () => {
    expect(explainField('UserProfile', profile, ['status']).field).toBe('status');
    expect(namesakeInSpec(profile, ['status'])).toBe('spec.status');
    for (const path of [[], ['jobTitle'], ['spec', 'status'], ['metadata']]) {
      expect(namesakeInSpec(profile, path)).toBeUndefined();
    }
  });

  it('goes into the items of lists, and says what is mandatory', () => {
    const sections = explainField('PrivilegeGrant', grant, ['sections']);
    expect(sections.type).toBe('list of object');
    expect(sections.fields.map(({ field, required }) => [field, required])).toEqual([
      ['spec.sections.name', true],
      ['spec.sections.privileges', true],
    ]);
  });

  it('names the nearest field, and all there are', () => {
    const look =
      (...path: string[]) =>
      () =>
        explainField('UserProfile', profile, path);
    expect(look('jobTitel')).toThrow(UnknownField);
    expect(look('jobTitel')).toThrow(/has no field jobTitel; did you mean jobTitle\? It has: phoneSystem, /);
    expect(look('jobTitle', 'more')).toThrow('UserProfile.spec.jobTitle has no fields below it');
  });

  it.each(kinds)('has words for %s and everything in its spec', async (kind) => {
    const schema = await readSchema(kind);
    const whole = explainField(kind, schema, []);
    const spec = explainField(kind, schema, ['spec']);
    expect([whole, spec, ...below(spec)].filter(({ description }) => description === '')).toEqual([]);
  });
});

function below({ fields }: FieldExplanation): FieldExplanation[] {
  return fields.flatMap((field) => [field, ...below(field)]);
}

describe('as text', () => {
  const options = { kind: 'PrivilegeGrant', apiVersion: 'dialops.dev/v1alpha1', color: false, width: 60 };

  it('shows what a kind declares, within the width of the terminal', () => {
    const text = explainText(explainField('PrivilegeGrant', grant, []), { ...options, recursive: false });
    expect(text).toMatch(/^KIND {5}PrivilegeGrant \(dialops\.dev\/v1alpha1\)\n/);
    expect(text).toContain('FIELDS of spec\n  phoneSystem  string\n');
    expect(text).toContain('  - set exactly one of sections and copyFrom\n');
    expect(text.split('\n').filter((line) => line.length > 60)).toEqual([]);
  });

  it('shows the whole tree where it is asked for', () => {
    const text = explainText(explainField('PrivilegeGrant', grant, []), { ...options, recursive: true });
    expect(text).toContain(
      '  sections  list of object\n    name  string, required\n    privileges  set of string, required\n',
    );
  });
});
