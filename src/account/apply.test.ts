import { describe, expect, it } from 'vitest';
import type { Json } from '../foundation/json.ts';
import { applyFields, holds } from './apply.ts';
import type { DesiredField } from './desired.ts';
import type { WirePath } from './objects.ts';

const owner = { resource: { kind: 'UserProfile', namespace: 'acme', name: 'jane' }, field: 'some' } as const;

function field(path: WirePath, value: Json, extras: Partial<DesiredField> = {}): DesiredField {
  return { path, value, comparison: 'exact', owners: [owner], risk: 'safe', ...extras };
}

const numberAt = (is: string): WirePath => ['phoneNumbers', { by: 'phoneNumber', is }];
const body = {
  jobTitle: 'Clerk',
  invented: { by: 'others' },
  phoneNumbers: [{ phoneNumber: '+14085550101' }],
};

describe('applyFields', () => {
  it('writes what is declared and keeps all else', () => {
    expect(applyFields(body, [field(['jobTitle'], 'Manager')])).toEqual({ ...body, jobTitle: 'Manager' });
  });

  it('drops an element that shall not exist after everything else was written', () => {
    const dropped = field(numberAt('+14085550101'), null, { absent: true });
    const added = field([...numberAt('+14085550102'), 'phoneNumber'], '+14085550102');
    expect(applyFields(body, [dropped, added]).phoneNumbers).toEqual([{ phoneNumber: '+14085550102' }]);
  });

  it('changes nothing the second time', () => {
    const fields = [field(['jobTitle'], null), field(numberAt('+14085550101'), null, { absent: true })];
    const once = applyFields(body, fields);
    expect(applyFields(once, fields)).toEqual(once);
  });
});

describe('holds', () => {
  it('says whether a value shown is the one declared', () => {
    expect(holds(body, field(['jobTitle'], 'Clerk'))).toBe('yes');
    expect(holds(body, field(['jobTitle'], 'Manager'))).toBe('no');
  });

  it('does not know what the body does not show', () => {
    expect(holds(body, field(['locale'], 'en-US'))).toBe('unknown');
  });

  it('never knows a value that is write-only', () => {
    const source = { kind: 'secret', secret: { name: 'port', key: 'pin' }, revision: '1' } as const;
    expect(holds({ pin: '****' }, field(['pin'], null, { source }))).toBe('unknown');
  });

  it('knows of an element by the list that it is in', () => {
    const other = numberAt('+14085550102');
    expect(holds(body, field(other, null, { absent: true }))).toBe('yes');
    expect(holds(body, field(numberAt('+14085550101'), null, { absent: true }))).toBe('no');
    expect(holds(body, field([...other, 'phoneNumber'], '+14085550102'))).toBe('no');
    expect(holds({}, field(other, null, { absent: true }))).toBe('unknown');
  });
});
