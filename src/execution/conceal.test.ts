import { describe, expect, it } from 'vitest';
import { ApiError } from '../phonesystem/errors.ts';
import { concealed, withoutWords } from './conceal.ts';
import { OperationFailed } from './in-flight.ts';

function said(error: unknown): string {
  return error instanceof Error ? `${error.message} ${JSON.stringify(error)}` : '';
}

const failed = (message: string) =>
  new OperationFailed(message, [{ code: 'VALIDATION_ERROR', field: 'pin', message }]);

describe('an error that repeats a secret', () => {
  it.each(['PIN 4711-xyz is wrong', 'PIN 4711 XYZ is wrong', 'PIN "4711XYZ" is wrong'])(
    'has it cut out: %s',
    (text) => {
      const error = concealed(failed(text), ['4711-XYZ']);
      expect(said(error)).not.toMatch(/4711|xyz/i);
      expect(said(error)).toMatch(/PIN .*‹secret›.* is wrong/);
    },
  );

  it('has no words left where the secret is too short to be cut out', () => {
    expect(said(concealed(failed('PIN 47 is wrong'), ['47']))).not.toContain('47');
  });

  it('keeps words of our own', () => {
    const ours = new ApiError({ kind: 'unclear', message: 'POST /porting-orders got no answer in time' });
    expect(concealed(ours, ['47'])).toBe(ours);
    expect(withoutWords(ours)).toBe(ours);
  });

  it('still names codes and fields when no words are repeated', () => {
    const refusal = new ApiError({
      kind: 'invalid',
      status: 400,
      message: 'POST /porting-orders was answered 400: PIN 4711 is wrong',
      fields: [{ code: 'VALIDATION_ERROR', field: 'pin', message: 'PIN 4711 is wrong' }],
    });
    const error = withoutWords(refusal);
    expect(error).toMatchObject({
      kind: 'invalid',
      status: 400,
      fields: [{ code: 'VALIDATION_ERROR', field: 'pin' }],
    });
    expect(said(error)).toContain('refused it (VALIDATION_ERROR on pin)');
    expect(said(error)).not.toContain('4711');
  });
});
