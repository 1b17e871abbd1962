import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../foundation/http.ts';
import { options, scripted } from './testing/scripted.ts';

const user = { basicInfo: { userName: 'kim.lee@example.com' } };

function answered(status: number, body: string): HttpResponse {
  return { status, headers: {}, body };
}

/** Between the client and the phone system there may be an ingress, a gateway, a login page. */
describe('the answer of a proxy', () => {
  it.each(['', '<html>Bad request</html>', '{}', '{"errors":[]}'])(
    'with 400 does not say that there is no such object: %s',
    async (body) => {
      const { client } = scripted(() => answered(400, body));
      await expect(client.get('user', 'u1', options)).rejects.toMatchObject({ kind: 'invalid' });
    },
  );

  it.each(['default backend - 404', '<html>Not found</html>'])(
    'with 404 says neither that there is no such object nor that it was deleted: %s',
    async (body) => {
      const { client } = scripted(() => answered(404, body));
      await expect(client.get('user', 'u1', options)).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(client.remove('user', 'u1', options)).rejects.toMatchObject({ kind: 'unclear' });
    },
  );

  it('with 404 is waited out while the phone system is not found', async () => {
    const { client } = scripted((_request, index) =>
      index === 0 ? answered(404, 'default backend - 404') : answered(200, JSON.stringify(user)),
    );
    expect(await client.get('user', 'u1', options)).toEqual(user);
  });

  it.each(['', '{}', 'null'])('is not suspected behind a 404 without an explanation: %s', async (body) => {
    const { client } = scripted(() => answered(404, body));
    expect(await client.get('user', 'u1', options)).toBeUndefined();
    await expect(client.remove('user', 'u1', options)).rejects.toMatchObject({ kind: 'notFound' });
  });

  it.each(['', '<html>Sign in</html>', '[]'])(
    'with 200 does not say that a write was made: %s',
    async (body) => {
      const { client, requests } = scripted(() => answered(200, body));
      await expect(client.create('user', user, options)).rejects.toMatchObject({ kind: 'unclear' });
      await expect(client.replace('user', 'u1', user, options)).rejects.toMatchObject({ kind: 'unclear' });
      expect(requests).toHaveLength(2);
    },
  );
});
