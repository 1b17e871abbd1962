import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSourceTexts } from './source-text.ts';

let folder = '';
let company = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'dialops-source-')));
  company = join(folder, 'company');
  await mkdir(join(company, 'people'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nothing = async () => '';

it('follows a link inside the folder that was named', async () => {
  await writeFile(join(company, 'people', 'jane.yaml'), 'a: 1');
  await symlink('people/jane.yaml', join(company, 'copy.yaml'));
  const { texts, unreadable } = await readSourceTexts([company], nothing);
  expect(unreadable).toEqual([]);
  expect(texts.map(({ file }) => file)).toEqual([
    join(company, 'copy.yaml'),
    join(company, 'people', 'jane.yaml'),
  ]);
});

it('reads nothing behind a link that leads out of it, and says so', async () => {
  await writeFile(join(folder, 'secret.yaml'), 'password: precious');
  await symlink('../../secret.yaml', join(company, 'people', 'jane.yaml'));
  const { texts, unreadable } = await readSourceTexts([company], nothing);
  expect(texts).toEqual([]);
  expect(unreadable).toEqual([
    {
      file: join(company, 'people', 'jane.yaml'),
      message: expect.stringMatching(/^is a link that leads out of the files of .*; name the file itself$/u),
    },
  ]);
});

it('says of a link that leads back to itself that it does, and reads the rest', async () => {
  const loop = join(company, 'loop.yaml');
  await symlink('loop.yaml', loop);
  await writeFile(join(company, 'people', 'jane.yaml'), 'a: 1');
  for (const named of [[company], [loop, company], [`${company}/*`]]) {
    const { texts, unreadable } = await readSourceTexts(named, nothing);
    expect(texts.map(({ file }) => file)).toEqual([join(company, 'people', 'jane.yaml')]);
    expect(unreadable[0]).toEqual({ file: loop, message: 'is a link that leads back to itself' });
  }
});

it.each(['.git/config', '.env', 'node_modules/x/package.json'])(
  'reads nothing hidden behind a link: %s',
  async (to) => {
    await mkdir(dirname(join(company, to)), { recursive: true });
    await writeFile(join(company, to), 'password: precious');
    await symlink(join(company, to), join(company, 'jane.yaml'));
    for (const named of [company, `${company}/*.yaml`]) {
      const { texts, unreadable } = await readSourceTexts([named], nothing);
      expect(texts).toEqual([]);
      expect(unreadable).toMatchObject([{ file: join(company, 'jane.yaml') }]);
    }
  },
);

it('reads what a ConfigMap is mounted as: links to a folder that changes with it', async () => {
  await mkdir(join(company, '..2026_01_05'));
  await writeFile(join(company, '..2026_01_05', 'jane.yaml'), 'a: 1');
  await symlink('..2026_01_05', join(company, '..data'));
  await symlink('..data/jane.yaml', join(company, 'jane.yaml'));
  const { texts, unreadable } = await readSourceTexts([company], nothing);
  expect(unreadable).toEqual([]);
  expect(texts).toMatchObject([{ file: join(company, 'jane.yaml'), text: 'a: 1' }]);
});

it('reads nothing out of it by a pattern either', async () => {
  await mkdir(join(folder, 'elsewhere'));
  await writeFile(join(folder, 'elsewhere', 'secret.yaml'), 'password: precious');
  await symlink('../elsewhere', join(company, 'linked'));
  await symlink('../elsewhere/secret.yaml', join(company, 'secret.yaml'));
  await writeFile(join(company, 'jane.yaml'), 'a: 1');
  const { texts, unreadable } = await readSourceTexts([`${company}/*`], nothing);
  expect(texts.map(({ text }) => text)).toEqual(['a: 1']);
  expect(unreadable.map(({ file }) => file)).toEqual([join(company, 'linked'), join(company, 'secret.yaml')]);
});

it('follows a link that a person names, wherever it leads', async () => {
  await writeFile(join(folder, 'shared.yaml'), 'a: 1');
  const link = join(company, 'shared.yaml');
  await symlink('../shared.yaml', link);
  expect((await readSourceTexts([link], nothing)).texts).toMatchObject([{ file: link, text: 'a: 1' }]);
});
