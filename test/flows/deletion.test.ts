import { describe, expect, it } from 'vitest';
import { deleting } from '../../src/account/testing/resources.ts';
import { Flow } from './support/account.ts';
import { company, profile, sharedExtension } from './support/resources.ts';

const jane = profile('jane', { deletionPolicy: 'Delete' });
const lobby = sharedExtension('lobby', '7302', { deletionPolicy: 'Delete' });
const deletions = [
  ['a user', [jane], [deleting(jane)], 'user', '/users/'],
  ['an extension', [lobby], [deleting(lobby)], 'extension', '/extensions/'],
] as const;

describe.each([
  ['complete', false],
  ['sparse', true],
])('with %s list rows', (_rows, sparseRows) => {
  describe.each(deletions)('the deletion of %s', (_name, before, after, type, path) => {
    async function started(crashes = false): Promise<{ flow: Flow; id: string; deletes: () => number }> {
      const flow = new Flow({
        resources: before,
        company,
        sandbox: { sparseRows },
        onRequest: (number, when) => {
          if (crashes && when === 'before' && flow.sent[number - 1]?.method === 'DELETE') {
            crashes = false;
            void flow.loop.stop(new Error('crash'));
          }
        },
      });
      await flow.apply();
      const id = flow.externalId(before.at(-1) ?? jane) ?? '';
      expect(await flow.object(type, id)).toBeDefined();
      const deletes = () => flow.sent.filter(({ method }) => method === 'DELETE').length;
      return { flow, id, deletes };
    }
    const reason = (flow: Flow) => Object.values(flow.reasons()).filter((each) => each !== 'Synced');

    it('is sent again where a lost request never arrived', async () => {
      const { flow, id, deletes } = await started();
      await flow.control('/faults', { match: { method: 'DELETE', path }, times: 1, drop: 'before' });
      await flow.apply(after);
      await flow.clock.sleep(60_000);
      await flow.apply();
      expect(await flow.object(type, id)).toBeUndefined();
      expect(deletes()).toBe(2);
      expect(flow.failures.map((failure) => failure.reason)).toContain('Unconfirmed');
      expect(reason(flow)).toEqual(['Deleted: Nothing is left to do']);
    });

    it('is done where only its answer was lost', async () => {
      const { flow, id, deletes } = await started();
      await flow.control('/settings', { latencyMs: { min: 500, max: 500 } });
      await flow.control('/faults', { match: { method: 'DELETE', path }, times: 1, drop: 'after' });
      await flow.apply(after);
      expect(await flow.object(type, id)).toBeUndefined();
      expect(deletes()).toBe(1);
      expect(flow.failures).toEqual([]);
      expect(reason(flow)).toEqual(['Deleted: Nothing is left to do']);
    });

    it('is done where somebody else was faster, and it is answered 404', async () => {
      const { flow, deletes } = await started();
      await flow.control('/faults', {
        match: { method: 'DELETE', path },
        times: 1,
        respond: { status: 404, code: 'NOT_FOUND' },
      });
      await flow.apply(after);
      expect(deletes()).toBe(1);
      expect(flow.failures).toEqual([]);
      expect(reason(flow)).toEqual(['Deleted: Nothing is left to do']);
    });

    it('is done where its operation fails because the object is gone', async () => {
      const { flow, id } = await started();
      await flow.control('/settings', { latencyMs: { min: 4_000, max: 4_000 } });
      await flow.control('/faults', { match: { method: 'DELETE', path }, times: 1, drop: 'after' });
      await flow.apply(after);
      await flow.clock.sleep(60_000);
      await flow.apply();
      expect(await flow.object(type, id)).toBeUndefined();
      expect(flow.failures.filter((failure) => failure.permanent)).toEqual([]);
      expect(reason(flow)).toEqual(['Deleted: Nothing is left to do']);
    });

    it('is not done where its operation failed for another reason', async () => {
      const { flow, id } = await started();
      await flow.control('/faults', {
        match: { method: 'DELETE', path },
        times: 1,
        failOperation: { code: 'UNKNOWN', message: 'The directory is away' },
      });
      await flow.apply(after);
      expect(await flow.object(type, id)).toBeDefined();
      expect(flow.failures).toMatchObject([{ reason: 'RefusedByPhoneSystem', permanent: true }]);
      expect(reason(flow)).toEqual([expect.stringMatching(/^Deleting/)]);
    });

    it('of an earlier run is looked up, and sent again where it did not arrive', async () => {
      const { flow, id } = await started(true);
      await flow.apply(after).catch(() => undefined);
      expect(await flow.object(type, id)).toBeDefined();
      await flow.restart();
      await flow.apply();
      expect(flow.failures.map((failure) => failure.reason)).toEqual(['Unconfirmed']);
      await flow.clock.sleep(60_000);
      await flow.apply();
      expect(await flow.object(type, id)).toBeUndefined();
      expect(reason(flow)).toEqual(['Deleted: Nothing is left to do']);
    });
  });
});
