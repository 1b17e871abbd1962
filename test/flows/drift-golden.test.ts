import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BuiltCommand } from './support/built-command.ts';
import { examples, Workshop } from './support/workshop.ts';

const golden = (name: string) => join(import.meta.dirname, 'golden', 'drift', name);

let built: BuiltCommand;
let workshop: Workshop;
let company = '';

beforeAll(async () => {
  built = await BuiltCommand.build();
  workshop = await Workshop.open({ latencyMs: { min: 20, max: 50 } });
  company = join(workshop.folder, 'company');
  await cp(join(examples, 'gitops', 'base'), company, { recursive: true });
  expect(await run('apply', 'company', '--yes')).toMatchObject({ code: 0 });
  await workshop.change(`/users/${await idOf('UserProfile', 'tom-archer')}`, {
    directoryInfo: { jobTitle: 'Pirate' },
    basicInfo: { timezone: 'America/Denver' },
  });
  await workshop.remove(`/users/${await idOf('UserProfile', 'ines-moreau')}`);
  const file = join(company, 'people.yaml');
  const before = await readFile(file, 'utf8');
  await writeFile(file, before.replace('department: Logistics', 'department: Dispatch'));
}, 120_000);

afterAll(async () => {
  await workshop.close();
  await built.remove();
});

/** In the folder, with what differs from run to run taken out. */
async function run(...args: string[]) {
  const { code, stderr, stdout } = await built.run(args, { cwd: workshop.folder, env: workshop.env });
  return { code, stderr: steady(stderr), stdout: steady(stdout) };
}

function steady(text: string): string {
  return text
    .replaceAll(workshop.endpoint, '<endpoint>')
    .replaceAll(/(?<![\w-])[\w-]{22}(?![\w-])/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}

/** What the lock file knows a resource by. */
async function idOf(kind: string, name: string): Promise<string> {
  const lock: { resources: { kind: string; metadata: { name: string }; status: { externalId: string } }[] } =
    parse(await readFile(join(company, 'dialops.lock.yaml'), 'utf8'));
  const found = lock.resources.find((each) => each.kind === kind && each.metadata.name === name);
  expect(found, name).toBeDefined();
  return found?.status.externalId ?? '';
}

describe('drift of the built command in a folder of a user', () => {
  it.each(['text', 'markdown', 'json', 'junit', 'sarif'])('reads as before as %s', async (format) => {
    const { code, stderr, stdout } = await run('drift', 'company', '-o', format);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    await expect(stdout).toMatchFileSnapshot(golden(`drift.${format}`));
  });

  it('accepts what can be accepted, and leaves the edit that is not applied yet', async () => {
    const { code, stderr, stdout } = await run('drift', 'company', '--accept');
    expect(code).toBe(2);
    await expect(`${stderr}${stdout}`).toMatchFileSnapshot(golden('accept.text'));
  });
});
