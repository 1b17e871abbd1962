import { describe, expect, it } from 'vitest';
import { extension, grant } from '../../src/account/testing/resources.ts';
import { pausedAnnotation } from '../../src/resources/annotations.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { Flow } from './support/account.ts';
import { company, pbxName, port, portSecrets, profile } from './support/resources.ts';

const billing = { name: 'Billing', privileges: ['ViewBills'] };
const users = { name: 'Users', privileges: ['View'] };
const sections = (...names: (typeof billing)[]) => ({ pbxes: [pbxName], sections: names });

/** A resource of each kind as it was, and as somebody edits it. */
const edits: readonly (readonly [AccountResource, AccountResource])[] = [
  [profile('jane'), profile('jane', { jobTitle: 'Director' })],
  [extension('jane', '7101'), extension('jane', '7101', { callWaiting: false })],
  [grant('jane', sections(billing)), grant('jane', sections(billing, users))],
  [port('main'), port('main', { requestedDate: '2026-03-02' })],
];

describe.each([
  ['complete', false],
  ['sparse', true],
])('with %s list rows', (_rows, sparseRows) => {
  it.each(edits)('a paused $kind is left as it is until the pause is over', async (before, after) => {
    const others = edits.map(([resource]) => resource).filter((resource) => resource !== before);
    const run = new Flow({
      resources: [...others, before],
      company,
      sandbox: { sparseRows },
      secrets: portSecrets,
    });
    await run.apply();
    const calm = Object.values(run.reasons());
    expect(calm.join()).not.toMatch(/Paused|Invalid|NotFound/);
    const writes = run.writes();
    const paused = { ...after.metadata, annotations: { [pausedAnnotation]: 'true' } };
    await run.apply([...others, withMetadata(after, paused)]);
    await run.resync();
    expect(run.writes()).toBe(writes);
    expect(run.reasons()[`${before.kind}/acme/${before.metadata.name}`]).toMatch(/^Paused/);
    await run.apply([...others, after]);
    expect(run.writes()).toBeGreaterThan(writes);
    expect(Object.values(run.reasons())).toEqual(calm);
  });

  function withMetadata(resource: AccountResource, metadata: AccountResource['metadata']): AccountResource {
    return { ...resource, metadata };
  }
});
