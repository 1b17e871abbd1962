import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples, Workshop } from './support/workshop.ts';

let workshop: Workshop;

beforeAll(async () => {
  workshop = await Workshop.open({ latencyMs: { min: 20, max: 50 } });
}, 60_000);

afterAll(() => workshop.close());

const lockOf = (repository: string) => readFile(join(repository, 'dialops.lock.yaml'), 'utf8');

async function idOf(repository: string, name: string): Promise<string> {
  const text = await readFile(join(repository, 'people', `${name}.yaml`), 'utf8');
  return /external-id: (\S+)/.exec(text)?.[1] ?? '';
}

describe('a second import over the first', () => {
  it('forgets what the account has no longer, or has under another name', async () => {
    const { folder } = workshop;
    const company = join(folder, 'company');
    for (const part of ['phone-system.yaml', 'people/riverside.yaml'])
      await cp(join(examples, 'acme', part), join(company, part));
    expect(await workshop.run('apply', company, '--yes')).toMatchObject({ code: 0 });
    const repository = join(folder, 'repository');
    const importInto = (out: string, ...more: string[]) =>
      workshop.run('import', '--from-account', '--out', out, ...more);
    expect(await importInto(repository)).toMatchObject({ code: 0 });
    const [gone = '', renamed = ''] = (await readdir(join(repository, 'people')))
      .map((file) => file.replace('.yaml', ''))
      .filter((name) => name !== 'kustomization' && name !== 'primary-admin');
    await workshop.remove(`/users/${await idOf(repository, gone)}`);
    await workshop.change(`/users/${await idOf(repository, renamed)}`, {
      basicInfo: { userName: 'another.name@example.com' },
    });

    expect(await importInto(repository, '--force')).toMatchObject({ code: 0 });

    const afresh = join(folder, 'afresh');
    expect(await importInto(afresh)).toMatchObject({ code: 0 });
    expect(await lockOf(repository)).toBe(await lockOf(afresh));
    expect(await lockOf(repository)).not.toContain(`name: ${gone}\n`);
    const nothing = 'Nothing to do: the account is as declared.\n';
    expect(await workshop.run('plan', repository, '--prune')).toMatchObject({ code: 0, stdout: nothing });
  });

  it.each(['afresh', 'company'])(
    'lets a resource have another name in the files (%s): its user stays, and what was applied is known',
    async (part) => {
      const repository = join(workshop.folder, part);
      const people = join(repository, 'people');
      expect(await workshop.run('apply', repository, '--yes')).toMatchObject({ code: 0 });
      const file = (await readdir(people)).find((name) => /^carl-|^riverside/.test(name)) ?? '';
      const text = await readFile(join(people, file), 'utf8');
      await writeFile(join(people, file), text.replace(/^( {2}name: )carl-jennings$/m, '$1somebody-else'));

      const nothing = 'Nothing to do: the account is as declared.\n';
      expect(await workshop.run('plan', repository, '--prune')).toMatchObject({ code: 0, stdout: nothing });
      const id = await idOf(join(workshop.folder, 'afresh'), 'carl-jennings');
      await workshop.change(`/users/${id}`, { directoryInfo: { jobTitle: 'Changed in the console' } });
      const { code, stdout } = await workshop.run('drift', repository);
      expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringContaining('somebody-else') });
      expect(await workshop.run('apply', repository, '--prune', '--yes')).toMatchObject({ code: 0 });
      expect(await lockOf(repository)).not.toContain('name: carl-jennings\n');
      expect(await workshop.run('plan', repository, '--prune')).toMatchObject({ code: 0, stdout: nothing });
    },
  );
});
