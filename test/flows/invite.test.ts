import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, type Json } from '../../src/foundation/json.ts';
import { examples, Workshop } from './support/workshop.ts';

describe.each([
  ['complete', false],
  ['sparse', true],
])('dialops invite, with %s list rows', (_rows, sparseRows) => {
  let workshop: Workshop;
  let company = '';

  beforeAll(async () => {
    workshop = await Workshop.open({ latencyMs: { min: 20, max: 50 }, sparseRows });
    company = join(workshop.folder, 'company');
    await mkdir(company);
    await cp(join(examples, 'acme', 'phone-system.yaml'), join(company, 'phone-system.yaml'));
    const people = await readFile(join(examples, 'acme', 'people', 'riverside.yaml'), 'utf8');
    await writeFile(join(company, 'people.yaml'), people.split(/^---$/m).slice(0, 2).join('---'));
  });

  afterAll(() => workshop.close());

  const run = (...args: string[]) => workshop.run(...args);

  /** To whom the phone system has sent mail. */
  async function outbox(): Promise<(Json | undefined)[]> {
    const mails = await workshop.control('GET', 'outbox');
    return isJsonArray(mails) ? mails.map((mail) => (isJsonObject(mail) ? mail.to : undefined)) : [];
  }

  it('mails those who are named once more, and leaves nothing to do', async () => {
    expect(await run('apply', company, '--yes')).toMatchObject({ code: 0 });
    const before = await outbox();
    const { code, stderr, stdout } = await run('invite', company, '--profile', 'carl-jennings');
    expect({ code, stderr, stdout }).toEqual({
      code: 0,
      stderr: 'Invited UserProfile carl-jennings.\n',
      stdout: '1 of 1 invited\n',
    });
    expect((await outbox()).slice(before.length)).toEqual(['carl.jennings@example.com']);
    expect(await run('plan', company)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Nothing to do/),
    });
    expect(await run('apply', company, '--yes')).toMatchObject({ code: 0 });
    expect(await outbox()).toHaveLength(before.length + 1);
  }, 90_000);

  it('invites nobody when one of the names is wrong', async () => {
    const before = await outbox();
    const wrong = await run('invite', company, '--profile', 'carl-jennings', '--profile', 'amara-dialo');
    expect(wrong).toMatchObject({ code: 64, stdout: '' });
    expect(wrong.stderr).toContain(
      'no UserProfile amara-dialo; did you mean amara-diallo? Nobody was invited',
    );
    expect(await run('invite', company)).toMatchObject({ code: 64 });
    expect(await outbox()).toEqual(before);
  });
});
