import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { failureCode, surelyNotSent } from './send-outcome.ts';

function systemError(code: string, syscall?: string): Error {
  return Object.assign(new Error(code), { code, ...(syscall === undefined ? {} : { syscall }) });
}

async function fetchError(address: string): Promise<unknown> {
  return fetch(address).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('surelyNotSent', () => {
  it('holds for a connection that was refused', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('A port was expected');
    await new Promise((resolve) => server.close(resolve));
    const error = await fetchError(`http://127.0.0.1:${address.port}/`);
    expect(failureCode(error)).toBe('ECONNREFUSED');
    expect(surelyNotSent(error)).toBe(true);
  });

  it.each(['EHOSTUNREACH', 'ENETUNREACH'])(
    'holds for %s while connecting, not on a connection that was open',
    (code) => {
      const wrapped = (syscall?: string) =>
        new TypeError('fetch failed', { cause: systemError(code, syscall) });
      expect(surelyNotSent(wrapped('connect'))).toBe(true);
      expect(surelyNotSent(wrapped('read'))).toBe(false);
      expect(surelyNotSent(wrapped('write'))).toBe(false);
    },
  );

  it('looks at every address that was tried', () => {
    const tried = new AggregateError([
      systemError('ECONNREFUSED', 'connect'),
      systemError('ENETUNREACH', 'connect'),
    ]);
    expect(surelyNotSent(new TypeError('fetch failed', { cause: tried }))).toBe(true);
  });

  it('never holds for what it does not know', () => {
    for (const error of [undefined, 'text', new Error('odd'), systemError('ECONNRESET', 'read')]) {
      expect(surelyNotSent(error)).toBe(false);
    }
  });
});
