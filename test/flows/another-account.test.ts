import { describe, expect, it } from 'vitest';
import { Flow } from './support/account.ts';
import { company, profile } from './support/resources.ts';

const names = ['amy', 'ben', 'cleo', 'dan', 'eva', 'finn', 'gus', 'hal'];

describe.each([
  ['complete', false],
  ['sparse', true],
])('with %s list rows', (_rows, sparseRows) => {
  it('makes no company a second time when all of it is gone, until a person says so', async () => {
    const people = names.map((name) => profile(name));
    const run = new Flow({ resources: people, company, sandbox: { sparseRows } });
    await run.apply();
    for (const person of people) {
      await run.inConsole('DELETE', `/users/${run.externalId(person)}`);
    }
    await run.clock.sleep(60_000);
    const before = run.sent.length;
    await run.resync();
    const creates = run.sent
      .slice(before)
      .filter(({ method, path }) => method === 'POST' && path === '/users');
    expect(creates.length).toBeLessThanOrEqual(5);
    const held = Object.values(run.reasons()).filter((reason) => /^RemovalGuard: It is gone/.test(reason));
    expect(held).toHaveLength(names.length - creates.length);
  });
});
