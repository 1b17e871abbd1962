import { describe, expect, it } from 'vitest';
import { extension } from '../../src/account/testing/resources.ts';
import { Flow } from './support/account.ts';
import { company, profile } from './support/resources.ts';

const jane = profile('jane', { jobTitle: 'Engineer' });
const edited = profile('jane', { jobTitle: 'Director', department: 'Sales' });
const desk = extension('jane', '7001');
const louder = extension('jane', '7001', { callWaiting: false });

/** What becomes of edits of a person and an extension of theirs when their PUT is answered so. */
async function afterRefusal(status: number, code?: string) {
  const run = new Flow({ resources: [jane, desk], company });
  await run.apply();
  const before = run.writes();
  await run.control('/faults', {
    match: { method: 'PUT', path: '/users/.' },
    times: 99,
    respond: { status, ...(code === undefined ? {} : { code }) },
  });
  await run.apply([edited, louder]);
  const of = (kind: string) => run.failures.filter(({ resource }) => resource.kind === kind);
  return { run, of, sent: run.sent.filter(({ method }) => method !== 'GET').slice(before) };
}

describe('a user can not be updated from here', () => {
  it.each([405, 501, 404])(
    'after %i a person is told what to set where, and nothing else is sent',
    async (status) => {
      const { of, sent } = await afterRefusal(status);
      expect(of('UserProfile')).toMatchObject([{ reason: 'Unsupported' }]);
      const [{ message } = { message: '' }] = of('UserProfile');
      expect(message).toContain(`answered ${status}`);
      expect(message).toContain('in Admin Console open Users, the user');
      expect(message).toContain('set there as declared: spec.jobTitle, spec.department');
      expect(message).not.toContain('Director');
      expect(message).not.toContain('spec.callWaiting');
      expect(of('Extension')).toMatchObject([{ reason: 'Unsupported' }]);
      expect(of('Extension')[0]?.message).toContain(
        'open Extensions, the extension, and set there as declared: spec.callWaiting (false)',
      );
      // Never deleted and made again.
      expect(sent.map(({ method }) => method)).toEqual(['PUT']);
    },
  );

  it('is told what a deletion leaves, which the YAML does not have', async () => {
    const { run, of } = await afterRefusal(405);
    run.failures.length = 0;
    const deletionTimestamp = new Date(run.clock.now()).toISOString();
    await run.apply([{ ...jane, metadata: { ...jane.metadata, deletionTimestamp } }]);
    expect(of('UserProfile')[0]?.message).toContain('set there as declared: spec.status (INACTIVE)');
  });

  it('is over once a person has set it there', async () => {
    const { run } = await afterRefusal(405);
    const id = run.externalId(jane);
    await run.patchInConsole(`/users/${id}`, {
      directoryInfo: { jobTitle: 'Director', department: 'Sales' },
    });
    await run.apply([edited, desk]);
    await run.resync();
    expect(run.reasons()['UserProfile/acme/jane']).toBe('Synced');
  });
});

describe('a write that the key may not make', () => {
  it('is about the key after a 401, in the word that readings have for it', async () => {
    const { of } = await afterRefusal(401);
    for (const kind of ['UserProfile', 'Extension']) {
      expect(of(kind)).toMatchObject([{ reason: 'Unauthorized', permanent: false }]);
      expect(of(kind)[0]?.message).toContain('spec.apiKeySecretRef');
    }
  });

  it('names the scope after a 403, and is sent once for all that share the object', async () => {
    const { of, sent } = await afterRefusal(403, 'FORBIDDEN');
    for (const kind of ['UserProfile', 'Extension']) {
      expect(of(kind)).toMatchObject([
        { reason: 'MissingScope', lacked: { scope: 'UC & CC Admin Operations' } },
      ]);
      expect(of(kind)[0]?.message).toContain('"UC & CC Admin Operations"');
    }
    expect(sent).toHaveLength(1);
  });
});
