import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuiltCommand } from './support/built-command.ts';
import { examples, Workshop } from './support/workshop.ts';

const golden = (name: string) => join(import.meta.dirname, 'golden', 'plan', name);

let built: BuiltCommand;
let workshop: Workshop;
let folder = '';

beforeAll(async () => {
  built = await BuiltCommand.build();
  workshop = await Workshop.open({ latencyMs: { min: 20, max: 50 } });
  folder = workshop.folder;
  await cp(join(examples, 'gitops', 'base'), join(folder, 'company'), { recursive: true });
}, 120_000);

afterAll(async () => {
  await workshop.close();
  await built.remove();
});

/** In the folder, with what differs from run to run taken out. */
async function run(...args: string[]) {
  const { code, stderr, stdout } = await built.run(args, { cwd: folder, env: workshop.env });
  return { code, stderr: steady(stderr), stdout: steady(stdout) };
}

function steady(text: string): string {
  return text
    .replaceAll(/"id": "[0-9a-f]{12}"/g, '"id": "<change>"')
    .replaceAll(/(?<![\w-])[\w-]{22}(?![\w-])/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}

/** Changes of different objects end in any order. */
function sorted(text: string): string {
  const lines = text.split('\n');
  const done = lines.filter((line) => line.startsWith('done: ')).sort();
  return lines.map((line) => (line.startsWith('done: ') ? (done.shift() ?? '') : line)).join('\n');
}

/** By the published schema. */
async function planFaults(stdout: string): Promise<readonly object[]> {
  const schema = new URL('../../schemas/plan.schema.json', import.meta.url);
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(await readFile(schema, 'utf8')),
  );
  validate(JSON.parse(stdout));
  return validate.errors ?? [];
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const path = join(folder, 'company', file);
  const before = await readFile(path, 'utf8');
  expect(before).toContain(from);
  await writeFile(path, before.replace(from, to));
}

describe('the built command in a folder of a user', () => {
  it('shows what it would make, in each format', async () => {
    for (const format of ['text', 'markdown', 'json']) {
      const { code, stderr, stdout } = await run('plan', 'company', '-o', format);
      expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
      if (format === 'json') expect(await planFaults(stdout)).toEqual([]);
      await expect(stdout).toMatchFileSnapshot(golden(`new.${format}`));
    }
  });

  it('makes it', async () => {
    const { code, stderr, stdout } = await run('apply', 'company', '--yes');
    expect(code).toBe(0);
    await expect(`${sorted(stderr)}${stdout}`).toMatchFileSnapshot(golden('apply.text'));
  });

  it('shows edits, what loses data or interrupts service, what is held back and what is wrong', async () => {
    await edit('people.yaml', 'jobTitle: Dispatcher', 'jobTitle: Head Dispatcher');
    await edit('people.yaml', '  department: Operations\n', '');
    await edit('extensions.yaml', 'name: X2', 'name: X4');
    await edit('administrators.yaml', 'privileges: [View, Manage]', 'privileges: [View, Manag]');
    await edit('extensions.yaml', 'number: "1501"', 'number: "1599"');
    for (const format of ['text', 'markdown', 'json']) {
      const { code, stdout } = await run('plan', 'company', '-o', format);
      expect(code).toBe(1);
      if (format === 'json') expect(await planFaults(stdout)).toEqual([]);
      await expect(stdout).toMatchFileSnapshot(golden(`edited.${format}`));
    }
  });

  it('goes back to an older state like any other plan, what can not be undone first', async () => {
    await cp(join(examples, 'gitops', 'base'), join(folder, 'company'), { recursive: true });
    await edit('people.yaml', 'jobTitle: Dispatcher', 'jobTitle: Trainee');
    await edit('administrators.yaml', '\n    - name: CallLogReports\n      privileges: [View]', '');
    await edit(
      'extensions.yaml',
      'name: X2',
      'name: X4\n  consent:\n    - change: ChangeLicense\n      to: X4',
    );
    const { code, stdout } = await run('plan', 'company');
    expect(code).toBe(2);
    await expect(stdout).toMatchFileSnapshot(golden('back.text'));
  });

  it('says of files with faults that they are not planned, and never that there is nothing to do', async () => {
    await cp(join(examples, 'gitops', 'base'), join(folder, 'company'), { recursive: true });
    await edit('people.yaml', 'jobTitle: Dispatcher', 'jobTitel: Dispatcher');
    for (const format of ['text', 'markdown', 'json']) {
      const { code, stdout } = await run('plan', 'company', '-o', format);
      expect(code).toBe(1);
      if (format === 'json') expect(await planFaults(stdout)).toEqual([]);
      await expect(stdout).toMatchFileSnapshot(golden(`faulty.${format}`));
    }
    const { code, stdout } = await run('plan', 'nowhere');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(
        /nowhere:1:1: there is no such file or folder\n\n1 fault in the files\.\n$/,
      ),
    });
  });

  it('takes what stands in a file that can not be read for unknown, not for missing', async () => {
    await cp(join(examples, 'gitops', 'base'), join(folder, 'company'), { recursive: true });
    await writeFile(join(folder, 'company', 'people.yaml'), 'kind: [UserProfile\n');
    const { code, stdout } = await run('plan', 'company');
    expect(code).toBe(1);
    expect(stdout).toContain('is in none of the files that could be read (WaitingForDependency)');
    expect(stdout).not.toContain('there is no UserProfile');
  });

  it('says when there is no resource to plan', async () => {
    await mkdir(join(folder, 'empty'));
    const { code, stdout } = await run('plan', 'empty');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing to do: the files declare no resource.\n' });
  });
});
