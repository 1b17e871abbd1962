import { describe, expect, it } from 'vitest';
import { formatPath, type WirePath } from './objects.ts';
import { absentFromReadList, pathEquals, read, remove, startsWith, write } from './path.ts';

const body = {
  basicInfo: { userName: 'jane', nickname: null },
  serviceInfo: { extensions: [{ id: 'ext-1', extensionNumber: '1001' }, { id: 'ext-2' }], invented: 7 },
};
const extensionAt = (id: string, ...rest: readonly string[]): WirePath => [
  'serviceInfo',
  'extensions',
  { by: 'id', is: id },
  ...rest,
];

describe('read', () => {
  it('finds a member, and an element by its selector', () => {
    expect(read(body, ['basicInfo', 'userName'])).toEqual({ present: true, value: 'jane' });
    expect(read(body, extensionAt('ext-1', 'extensionNumber'))).toEqual({ present: true, value: '1001' });
  });

  it('tells null from absent', () => {
    expect(read(body, ['basicInfo', 'nickname'])).toEqual({ present: true, value: null });
    expect(read(body, ['basicInfo', 'locale'])).toEqual({ present: false });
  });

  it('compares keys of elements without regard to case', () => {
    expect(read(body, extensionAt('EXT-1', 'extensionNumber')).present).toBe(true);
  });

  it('finds nothing where the body has another shape than the path', () => {
    expect(read(body, ['basicInfo', 'userName', 'first']).present).toBe(false);
    expect(read(body, ['basicInfo', { by: 'id', is: '1' }]).present).toBe(false);
  });

  it('takes no inherited member for a value', () => {
    expect(read(body, ['constructor']).present).toBe(false);
  });
});

describe('absentFromReadList', () => {
  it('knows that an element is absent when its list was shown', () => {
    expect(absentFromReadList(body, extensionAt('ext-9', 'callWaitingEnabled'))).toBe(true);
  });

  it('knows nothing of a member that an element present does not show', () => {
    expect(absentFromReadList(body, extensionAt('ext-2', 'callWaitingEnabled'))).toBe(false);
  });

  it('knows nothing when the list itself was not shown', () => {
    expect(absentFromReadList({ basicInfo: {} }, extensionAt('ext-1'))).toBe(false);
  });
});

describe('write', () => {
  it('keeps everything beside the path, unknown members included', () => {
    const next = write(body, extensionAt('ext-1', 'callWaitingEnabled'), true);
    expect(next.basicInfo).toEqual(body.basicInfo);
    expect(next.serviceInfo).toEqual({
      invented: 7,
      extensions: [{ id: 'ext-1', extensionNumber: '1001', callWaitingEnabled: true }, { id: 'ext-2' }],
    });
  });

  it('leaves the body that it was given as it was', () => {
    const before = structuredClone(body);
    write(body, extensionAt('ext-1', 'extensionNumber'), '1002');
    expect(body).toEqual(before);
  });

  it('makes missing objects and elements on the way', () => {
    expect(write({}, extensionAt('ext-3', 'hotDeskEnabled'), false)).toEqual({
      serviceInfo: { extensions: [{ id: 'ext-3', hotDeskEnabled: false }] },
    });
  });

  it('refuses a path that begins with a selector', () => {
    expect(() => write({}, [{ by: 'id', is: '1' }], 'x')).toThrow('must begin with an object member');
  });
});

describe('remove', () => {
  it('takes out one element and leaves its list, even an empty one', () => {
    const one = remove(body, extensionAt('ext-1'));
    expect(read(one, ['serviceInfo', 'extensions'])).toEqual({ present: true, value: [{ id: 'ext-2' }] });
    expect(read(remove(one, extensionAt('ext-2')), ['serviceInfo', 'extensions'])).toEqual({
      present: true,
      value: [],
    });
  });

  it('takes out a member', () => {
    expect(remove(body, ['basicInfo', 'nickname']).basicInfo).toEqual({ userName: 'jane' });
    expect(remove(body, ['basicInfo'])).not.toHaveProperty('basicInfo');
  });

  it('changes nothing where there is nothing', () => {
    expect(remove(body, extensionAt('ext-9'))).toBe(body);
    expect(remove(body, ['basicInfo', 'locale'])).toBe(body);
    expect(remove(body, ['elsewhere', 'locale'])).toBe(body);
  });
});

describe('paths', () => {
  it('are shown as a person writes them', () => {
    expect(formatPath(extensionAt('ext-1', 'extensionNumber'))).toBe(
      'serviceInfo.extensions[id=ext-1].extensionNumber',
    );
  });

  it('are equal when all segments are, selectors by what they select', () => {
    expect(pathEquals(extensionAt('ext-1'), extensionAt('ext-1'))).toBe(true);
    expect(pathEquals(extensionAt('ext-1'), extensionAt('ext-2'))).toBe(false);
    expect(pathEquals(extensionAt('ext-1'), extensionAt('ext-1', 'id'))).toBe(false);
    expect(pathEquals(['a', 'id'], ['a', { by: 'id', is: 'id' }])).toBe(false);
  });

  it('start with what leads to them', () => {
    expect(startsWith(extensionAt('ext-1', 'id'), extensionAt('ext-1'))).toBe(true);
    expect(startsWith(extensionAt('ext-1'), extensionAt('ext-1', 'id'))).toBe(false);
    expect(startsWith(['ab'], ['a'])).toBe(false);
  });
});
