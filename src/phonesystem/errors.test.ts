import { describe, expect, it } from 'vitest';
import { maskPersonalData, parseProblem } from './errors.ts';

describe('masking', () => {
  it.each([
    ['+14085550123 is in use', '‹number› is in use'],
    ['4085550123 is in use', '‹number› is in use'],
    ['(408) 555-0123 is in use', '‹number› is in use'],
    ['408-555-0123 is in use', '‹number› is in use'],
    ['408.555.0123, 408.555.0124', '‹number›, ‹number›'],
    ['call +1 (408) 555-0123.', 'call ‹number›.'],
    ['call +44 20 7946 0123 now', 'call ‹number› now'],
    ['kim.lee@example.com is taken', '‹email› is taken'],
  ])('hides who or what number %s is about', (said, masked) => {
    expect(maskPersonalData(said)).toBe(masked);
  });

  it.each([
    'requestedDate must be after 2026-10-15',
    'not before 2026-10-15T08:00:00Z',
    'extension 1001 is in use',
    'between 3 and 70 characters (was 71)',
    'at most 200 200 200 entries',
  ])('leaves "%s" as it is', (said) => {
    expect(maskPersonalData(said)).toBe(said);
  });

  it('reads no more than a person does: the time it takes grows with the square of the length', () => {
    expect(maskPersonalData('1-'.repeat(500_000)).length).toBeLessThan(5_000);
  });
});

describe('parseProblem', () => {
  it.each([undefined, null, 0, 'text', [], {}, { errors: null }, { errors: {} }, { errors: [null, 1, {}] }])(
    'reads %j as a problem that says nothing',
    (body) => {
      const problem = parseProblem(body);
      expect(problem.code).toBeUndefined();
      expect(problem.message).toBeUndefined();
      expect(problem.fields.every((field) => Object.keys(field).length === 0)).toBe(true);
    },
  );

  const about = 'kim.lee@example.com has +44 20 7946 0123 and (408) 555-0123';
  const masked = '‹email› has ‹number› and ‹number›';
  it.each(['detail', 'message', 'title', 'error'])('hides who "%s" is about', (member) => {
    const problem = parseProblem({ status: 409, [member]: about });
    expect(problem.message).toBe(masked);
    expect(JSON.stringify(problem)).not.toMatch(/kim|7946|555/);
  });

  it('hides who an entry of errors[] is about, in the line for people too', () => {
    const problem = parseProblem({ detail: about, errors: [{ field: 'site', message: about }] });
    expect(problem).toEqual({ message: masked, fields: [{ field: 'site', message: masked }] });
  });

  it('takes the first code and the most specific words there are', () => {
    const errors = [{ field: 'name' }, { code: 'CONFLICT', message: 'taken' }];
    expect(parseProblem({ title: 'Bad', detail: 'worse', errors })).toMatchObject({
      code: 'CONFLICT',
      message: 'taken',
    });
    expect(parseProblem({ title: 'Bad', detail: 'worse' }).message).toBe('worse');
    expect(parseProblem({ title: 'Bad' }).message).toBe('Bad');
  });
});
