import { expect, it } from 'vitest';
import type { Json } from '../foundation/json.ts';
import { ApiError } from './errors.ts';
import { answer, options, scripted } from './testing/scripted.ts';

/** The scope that a key is said to lack after a 403 with this body. */
async function lackedAfter(body: Json, method: 'PUT' | 'GET' = 'PUT'): Promise<string | undefined> {
  const { client } = scripted(() => answer(403, body));
  const sent: Promise<unknown> =
    method === 'PUT' ? client.replace('user', 'u1', {}, options) : client.get('user', 'u1', options);
  const error = await sent.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  return error instanceof ApiError ? error.lackedScope : undefined;
}

const forbidden = (said: { readonly message?: string; readonly field?: string }) => ({
  status: 403,
  title: 'Forbidden',
  errors: [{ code: 'FORBIDDEN', ...said }],
});

it('a refused write lacks what every asynchronous write needs, a refused reading what its list needs', async () => {
  expect(await lackedAfter(forbidden({}))).toBe('UC & CC Admin Operations');
  expect(await lackedAfter(null)).toBe('UC & CC Admin Operations');
  expect(await lackedAfter(forbidden({}), 'GET')).toBe('UC & CC User Admin');
});

it('a scope that the answer names is the one that is lacking', async () => {
  const named = forbidden({ message: 'The API key lacks the scope UC & CC User Admin' });
  expect(await lackedAfter(named)).toBe('UC & CC User Admin');
});

it('a 403 about a field or about another customer says nothing of scopes', async () => {
  expect(await lackedAfter(forbidden({ field: 'basicInfo.status' }))).toBeUndefined();
  const elsewhere = forbidden({ message: 'CustomerId mismatch: 0012J00000TEST0001 vs 0012J00000TEST0002' });
  expect(await lackedAfter(elsewhere)).toBeUndefined();
});
