import { afterEach, beforeEach, expect, it } from 'vitest';
import { SecretReader } from './kubernetes/secrets.ts';
import { Fixture } from './kubernetes/testing/fixture.ts';
import { SecretRevisions } from './secret-revisions.ts';

const path = '/api/v1/namespaces/acme/secrets/port';
const pin = { name: 'port', key: 'pin' };
const base64 = (text: string) => Buffer.from(text).toString('base64');

let fixture: Fixture;
let changes: number;
beforeEach(async () => {
  fixture = await Fixture.start();
  changes = 0;
});
afterEach(() => fixture.stop());

function put(data: Record<string, string>, labels: Record<string, string> = {}): void {
  const metadata = { name: 'port', namespace: 'acme', labels };
  fixture.server.store.put(path, { apiVersion: 'v1', kind: 'Secret', metadata, data });
}

/** As an operator knows them that has just begun. */
function begun(): SecretRevisions {
  const { client, clock } = fixture;
  return new SecretRevisions({
    reader: new SecretReader({ client, clock, maxAgeMs: 0 }),
    namespace: 'acme',
    clock,
    onChange: () => changes++,
    onError: (error) => fixture.errors.push(error),
  });
}

/** What it says after it has looked once more. */
async function looked(revisions: SecretRevisions): Promise<string | null | undefined> {
  await revisions.look(pin);
  return revisions.revision(pin);
}

it('is another revision when the value is another one, and only then', async () => {
  put({ pin: base64('4711') });
  const revisions = begun();
  const first = await looked(revisions);
  put({ pin: base64('4711') }, { team: 'telephony' });
  expect(await looked(revisions)).toBe(first);
  put({ pin: base64('4711'), other: base64('x') });
  expect(await looked(revisions)).toBe(first);
  expect(changes).toBe(1);
  put({ pin: base64('0815') });
  const second = await looked(revisions);
  expect(second).not.toBe(first);
  put({ pin: base64('4711') });
  expect([first, second]).not.toContain(await looked(revisions));
  expect(fixture.errors).toEqual([]);
});

it('is none while there is no such key, and another one when it comes back', async () => {
  put({ pin: base64('4711') });
  const revisions = begun();
  const first = await looked(revisions);
  put({});
  expect(await looked(revisions)).toBeUndefined();
  put({ pin: base64('4711') });
  expect(await looked(revisions)).not.toBe(first);
});

it('tells nothing of the value: what is kept of it is the Secret’s own version', async () => {
  put({ pin: base64('4711') });
  const stored = fixture.server.store.get(path);
  const metadata = stored?.metadata;
  const version =
    metadata && typeof metadata === 'object' && 'resourceVersion' in metadata ? metadata.resourceVersion : '';
  expect(await looked(begun())).toBe(version);
});

it('hides the values that the phone system may repeat, also those of before', async () => {
  put({ pin: base64('4711\n') });
  const revisions = begun();
  await revisions.look(pin);
  put({ pin: base64('0815') });
  await revisions.look(pin);
  expect(revisions.conceal('neither 4711 nor 08-15, but 2222')).toBe(
    'neither ‹secret› nor ‹secret›, but 2222',
  );
});
