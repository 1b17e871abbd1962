import { describe, expect, it } from 'vitest';
import { overlay } from './overlay.ts';

const known = {
  title: 'Buyer',
  extensions: [{ id: 'e1', waiting: true, devices: [{ macAddress: '0a1b2c3d4e5f', model: 'T46' }] }],
  pbxes: ['a', 'b'],
};

describe('a row laid over an earlier reading of the same object', () => {
  it('takes nothing away that it does not show', () => {
    expect(overlay({}, known)).toEqual(known);
  });

  it('wins where it shows something', () => {
    expect(overlay({ title: 'Clerk', pbxes: ['c'] }, known)).toEqual({
      ...known,
      title: 'Clerk',
      pbxes: ['c'],
    });
  });

  it('keeps what it hides of elements of lists, by whatever tells them apart', () => {
    const row = { extensions: [{ id: 'e1', devices: [{ macAddress: '0A:1B:2C:3D:4E:5F' }] }] };
    expect(overlay(row, known)).toMatchObject({
      extensions: [{ id: 'e1', waiting: true, devices: [{ macAddress: '0A:1B:2C:3D:4E:5F', model: 'T46' }] }],
    });
  });

  it('knows an element that has nothing to go by where it shows nothing new', () => {
    const numbers = [{ number: '+14085550198', type: 'MOBILE', verified: true }, { number: '0100' }];
    const before = { ...known, numbers };
    const row = { numbers: [{ number: '+14085550198', type: 'MOBILE' }] };
    expect(overlay(row, before)).toEqual({ ...known, numbers: numbers.slice(0, 1) });
    expect(overlay({ numbers: [{ number: '+14085550198', type: 'WORK' }] }, before)).toBeUndefined();
  });

  it('drops an element that it no longer lists', () => {
    expect(overlay({ extensions: [] }, known)).toEqual({ ...known, extensions: [] });
  });

  it('gives nothing when it shows an object or element that was not there: what it hides of that is unknown', () => {
    expect(overlay({ extensions: [{ id: 'e1' }, { id: 'e2' }] }, known)).toBeUndefined();
    expect(overlay({ address: { id: 'a1' } }, known)).toBeUndefined();
    expect(overlay({ extensions: [{ nothing: 'to go by' }] }, known)).toBeUndefined();
  });
});
