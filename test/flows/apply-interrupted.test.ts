import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialops, startDialops } from './support/command.ts';
import { examples, Workshop, workshopKey } from './support/workshop.ts';

describe.each([
  ['complete', false],
  ['sparse', true],
])('an apply that is interrupted, with %s list rows', (_rows, sparseRows) => {
  let workshop: Workshop;

  beforeAll(async () => {
    workshop = await Workshop.open({ sparseRows });
    for (const part of ['phone-system.yaml', 'people/riverside.yaml']) {
      await cp(join(examples, 'acme', part), join(workshop.folder, 'company', basename(part)));
    }
  });

  afterAll(() => workshop.close());

  it('stops cleanly at Ctrl-C in the middle of an apply, and a second run goes on where it stopped', async () => {
    const { endpoint, env, folder } = workshop;
    const company = join(folder, 'company');
    const first = startDialops(['apply', company, '--yes'], env);
    await first.says(/^done: create user/m);
    first.signal('SIGINT');
    const stopped = await first.ended;
    expect(stopped.code, stopped.stderr).toBe(1);
    expect(stopped.stderr).toContain('SIGINT: stopping');
    const made = stopped.stderr.match(/^done: create user/gm)?.length ?? 0;
    const said =
      /^(\d+) changes? made\. (\d+) in flight.*, (\d+) not begun\. Run the same command again to go on\.$/m;
    const [sum = '', ...counts] = said.exec(stopped.stderr) ?? [];
    expect(sum, stopped.stderr).not.toBe('');
    expect(Number(counts[0])).toBe(made);
    expect(counts.reduce((total, count) => total + Number(count), 0)).toBe(planned(stopped.stderr));
    const second = await dialops(['apply', company, '--yes'], env);
    expect(second, second.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to do'),
    });
    // What the phone system went on with is told apart from what this run has made.
    const followed = second.stderr.match(/^done by an earlier run: create user/gm)?.length ?? 0;
    const again = second.stderr.match(/^done: create user/gm)?.length ?? 0;
    if (followed > 0) expect(second.stdout).toContain(`, and ${followed} of an earlier run. `);
    expect(made + again + followed).toBeLessThanOrEqual(10);
    const headers = { 'x-api-key': workshopKey, accept: 'application/vnd.users.v1+json' };
    const answer = await fetch(`${endpoint}/users?pageSize=100`, { headers });
    const users: { data: { basicInfo: { userName: string } }[] } = JSON.parse(await answer.text());
    const names = users.data.map(({ basicInfo }) => basicInfo.userName);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(11);
  }, 120_000);
});

/** How many users the plan on stderr is about to create. */
function planned(stderr: string): number {
  return Number(/^(\d+) to create\b/m.exec(stderr)?.[1]);
}
