import { describe, expect, it } from 'vitest';
import { applyFields, holds } from './apply.ts';
import type { DesiredField } from './desired.ts';
import type { WirePath } from './objects.ts';

const owner = { resource: { kind: 'Extension', namespace: 'acme', name: 'lobby' }, field: 'x' };

function field(path: WirePath, value: DesiredField['value'], more: Partial<DesiredField> = {}): DesiredField {
  return { path, value, comparison: 'exact', owners: [owner], risk: 'safe', ...more };
}

const number = { by: 'phoneNumber', is: '+14085550101' };

describe('applyFields', () => {
  it('writes what is declared and keeps what is not, unknown members included', () => {
    const body = { name: 'old', invented: { deep: [1, { x: null }] }, list: [{ id: '1', more: true }] };
    expect(
      applyFields(body, [field(['name'], 'new'), field(['list', { by: 'id', is: '1' }, 'on'], true)]),
    ).toEqual({
      name: 'new',
      invented: { deep: [1, { x: null }] },
      list: [{ id: '1', more: true, on: true }],
    });
  });

  it('sends nothing with a name or an id that described what was there before', () => {
    const hold = { id: 'hold-1', name: 'Waltz', codec: 'x' };
    const refers = { refers: true } as const;
    expect(applyFields({ hold, other: 1 }, [field(['hold', 'name'], 'Jazz', refers)])).toEqual({
      hold: { name: 'Jazz' },
      other: 1,
    });
    expect(applyFields({ hold }, [field(['hold', 'id'], 'hold-2', refers)])).toEqual({
      hold: { id: 'hold-2' },
    });
    expect(applyFields({}, [field(['hold', 'name'], null, refers)])).toEqual({ hold: { name: null } });
  });

  it('removes elements after all else is written, in whatever order the fields come', () => {
    const drop = field(['phoneNumbers', number], null, { absent: true });
    const touch = field(['phoneNumbers', number, 'label'], 'x');
    const body = { phoneNumbers: [{ phoneNumber: '+14085550101' }] };
    expect(applyFields(body, [drop, touch])).toEqual({ phoneNumbers: [] });
    expect(applyFields(body, [touch, drop])).toEqual({ phoneNumbers: [] });
  });
});

describe('applyFields twice', () => {
  it('changes nothing the second time', () => {
    const fields = [field(['name'], null), field(['phoneNumbers', number], null, { absent: true })];
    const once = applyFields({ name: 'old', phoneNumbers: [{ phoneNumber: number.is }] }, fields);
    expect(applyFields(once, fields)).toEqual(once);
  });
});

describe('holds', () => {
  it('says yes when a body shows the declared value', () => {
    expect(holds({ name: 'Lobby' }, field(['name'], 'Lobby'))).toBe('yes');
    expect(holds({ name: null }, field(['name'], null))).toBe('yes');
  });

  it('says no when a body shows another', () => {
    expect(holds({ name: 'Hall' }, field(['name'], 'Lobby'))).toBe('no');
  });

  it('never takes what is not shown for an answer', () => {
    expect(holds({}, field(['name'], 'Lobby'))).toBe('unknown');
    expect(holds({}, field(['name'], null))).toBe('unknown');
  });

  it('knows that an element is missing from a list that is shown', () => {
    expect(holds({ phoneNumbers: [] }, field(['phoneNumbers', number, 'phoneNumber'], number.is))).toBe('no');
    expect(holds({ phoneNumbers: [] }, field(['phoneNumbers', number], null, { absent: true }))).toBe('yes');
    expect(
      holds(
        { phoneNumbers: [{ phoneNumber: number.is }] },
        field(['phoneNumbers', number], null, { absent: true }),
      ),
    ).toBe('no');
    expect(holds({}, field(['phoneNumbers', number], null, { absent: true }))).toBe('unknown');
  });

  it('can never tell whether a write-only value arrived', () => {
    const secret = { kind: 'secret', secret: { name: 'port', key: 'pin' }, revision: '1' } as const;
    expect(holds({ pin: null }, field(['pin'], null, { source: secret }))).toBe('unknown');
  });
});
