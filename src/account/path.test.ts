import { describe, expect, it } from 'vitest';
import { formatPath } from './objects.ts';
import { absentFromReadList, pathEquals, read, remove, startsWith, write } from './path.ts';

const extension = (id: string) => ['service', 'extensions', { by: 'id', is: id }] as const;
const body = { service: { extensions: [{ id: 'e1', waiting: true, odd: [1] }, { id: 'E2' }] }, odd: 'kept' };

describe('read', () => {
  it('follows members and selectors to a value', () => {
    expect(read(body, [...extension('e1'), 'waiting'])).toEqual({ present: true, value: true });
  });

  it('tells null from absence', () => {
    expect(read({ a: null }, ['a'])).toEqual({ present: true, value: null });
    expect(read({ a: null }, ['a', 'b'])).toEqual({ present: false });
    expect(read({}, ['a'])).toEqual({ present: false });
  });

  it('finds an element by its key without regard to case', () => {
    expect(read(body, [...extension('e2'), 'id'])).toEqual({ present: true, value: 'E2' });
  });

  it('finds a device by its MAC address however it is punctuated', () => {
    const found = read({ devices: [{ macAddress: '0A-1B-2C-3D-4E-5F', model: 'T46' }] }, [
      'devices',
      { by: 'macAddress', is: '0a1b2c3d4e5f' },
      'model',
    ]);
    expect(found).toEqual({ present: true, value: 'T46' });
  });

  it('finds an element by a key that is a number on the wire', () => {
    expect(read({ list: [{ id: 7, name: 'seven' }] }, ['list', { by: 'id', is: '7' }, 'name'])).toEqual({
      present: true,
      value: 'seven',
    });
  });

  it('finds nothing where the body has another shape than the path', () => {
    expect(read(body, ['odd', 'deeper'])).toEqual({ present: false });
    expect(read(body, ['service', { by: 'id', is: 'e1' }])).toEqual({ present: false });
  });

  it('takes nothing from the prototype', () => {
    expect(read({}, ['constructor'])).toEqual({ present: false });
  });
});

describe('absentFromReadList', () => {
  it('is true when a list that was read lacks the element', () => {
    expect(absentFromReadList(body, [...extension('e9'), 'waiting'])).toBe(true);
  });

  it('is false when the element is there and only the member is hidden', () => {
    expect(absentFromReadList(body, [...extension('e2'), 'waiting'])).toBe(false);
  });

  it('is false when the list itself is hidden', () => {
    expect(absentFromReadList({ service: {} }, extension('e1'))).toBe(false);
    expect(absentFromReadList({}, ['a'])).toBe(false);
  });

  it('judges by the innermost list that was read', () => {
    const path = [...extension('e9'), 'phoneNumbers', { by: 'phoneNumber', is: '+14085550101' }];
    expect(absentFromReadList(body, path)).toBe(true);
  });
});

describe('write', () => {
  it('changes one value and leaves everything else as it is', () => {
    expect(write(body, [...extension('e1'), 'waiting'], false)).toEqual({
      service: { extensions: [{ id: 'e1', waiting: false, odd: [1] }, { id: 'E2' }] },
      odd: 'kept',
    });
  });

  it('makes missing objects and elements on the way', () => {
    expect(write({}, [...extension('e1'), 'caller', 'name'], 'Lobby')).toEqual({
      service: { extensions: [{ id: 'e1', caller: { name: 'Lobby' } }] },
    });
  });

  it('refuses a path that begins with a selector', () => {
    expect(() => write({}, [{ by: 'id', is: 'e1' }], 'x')).toThrow('must begin with an object member');
  });

  it('does not change what it was given', () => {
    const before = JSON.stringify(body);
    write(body, [...extension('e1'), 'waiting'], false);
    expect(JSON.stringify(body)).toBe(before);
  });
});

describe('remove', () => {
  it('takes out a list element and nothing else', () => {
    expect(remove(body, extension('e1'))).toEqual({ service: { extensions: [{ id: 'E2' }] }, odd: 'kept' });
  });

  it('leaves an empty list where the last element goes', () => {
    expect(remove({ list: [{ id: 'e1' }] }, ['list', { by: 'id', is: 'e1' }])).toEqual({ list: [] });
  });

  it('takes out a member', () => {
    expect(remove({ a: { b: 1, c: 2 } }, ['a', 'b'])).toEqual({ a: { c: 2 } });
    expect(remove({ a: 1, b: 2 }, ['a'])).toEqual({ b: 2 });
  });

  it('leaves a body alone that has nothing there', () => {
    expect(remove(body, extension('e9'))).toBe(body);
    expect(remove(body, ['nothing', 'here'])).toBe(body);
  });
});

describe('paths', () => {
  it('are shown as a person writes them', () => {
    expect(formatPath([...extension('e1'), 'waiting'])).toBe('service.extensions[id=e1].waiting');
  });

  it('tell a member from a selector', () => {
    expect(pathEquals(['a', 'id'], ['a', { by: 'id', is: 'id' }])).toBe(false);
    expect(startsWith(['ab'], ['a'])).toBe(false);
  });

  it('are equal when all their segments are', () => {
    expect(pathEquals(extension('e1'), extension('e1'))).toBe(true);
    expect(pathEquals(extension('e1'), extension('e2'))).toBe(false);
    expect(pathEquals(['a'], ['a', 'b'])).toBe(false);
  });

  it('start with their own beginnings', () => {
    expect(startsWith([...extension('e1'), 'waiting'], extension('e1'))).toBe(true);
    expect(startsWith(extension('e1'), [...extension('e1'), 'waiting'])).toBe(false);
  });
});
