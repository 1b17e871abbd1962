import { describe, expect, it, vi } from 'vitest';
import { Kept } from './kept.ts';

describe('what is kept of an object', () => {
  it('is made once while all that it was made from is the same', () => {
    const kept = new Kept<object>();
    const [subject, part] = [{}, {}];
    const first = kept.of(subject, [part, 'x'], () => ({}));
    expect(kept.of(subject, [part, 'x'], () => ({}))).toBe(first);
  });

  it.each([
    ['another object that looks the same', [{}]],
    ['one more', [{}, 'x', 'y']],
    ['one less', []],
  ])('is made anew from %s', (_name, from) => {
    const kept = new Kept<string>();
    const subject = {};
    kept.of(subject, [{}, 'x'], () => 'before');
    expect(kept.of(subject, from, () => 'after')).toBe('after');
  });

  it('is not mixed up with what is kept of another', () => {
    const kept = new Kept<string>();
    kept.of({}, ['x'], () => 'of the other');
    expect(kept.find({}, ['x'])).toBeUndefined();
  });

  it('is nothing in a process that looks once', async () => {
    vi.resetModules();
    const once = await import('./kept.ts');
    once.keepNothing();
    const kept = new once.Kept<string>();
    const subject = {};
    expect(kept.of(subject, ['x'], () => 'made')).toBe('made');
    expect(kept.find(subject, ['x'])).toBeUndefined();
  });
});
