import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { killCommands, launcher, startDialops } from '../flows/support/command.ts';
import { runStep, stepsOf } from './support/walkthrough.ts';
import { testCluster } from './test-cluster.ts';

const examples = new URL('../../examples/', import.meta.url).pathname;
const cluster = testCluster();

afterAll(() => killCommands());

/** A copy of the example, a sandbox of its own, and both commands in the PATH. */
async function workshop() {
  const folder = await mkdtemp(join(cluster.folder, 'walkthrough-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(launcher, join(bin, 'dialops'));
  await symlink(cluster.kubectlExecutable, join(bin, 'kubectl'));
  await cp(join(examples, 'gitops'), join(folder, 'gitops'), { recursive: true });
  await writeFile(join(folder, 'key'), 'a-key-for-this-test');
  const sandbox = startDialops([
    'sandbox',
    ...['--listen', '127.0.0.1:0', '--api-key-file', join(folder, 'key'), '--unlimited'],
    ...['--company', join(examples, 'acme', 'account.json'), '--control-token-file', join(folder, 'key')],
  ]);
  const endpoint = await sandbox.says(/endpoint (\S+),/);
  const settled = await fetch(new URL('/_control/settings', endpoint), {
    method: 'POST',
    headers: { authorization: 'Bearer a-key-for-this-test' },
    body: JSON.stringify({ latencyMs: { min: 20, max: 50 } }),
  });
  expect(settled.status).toBe(200);
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    DIALOPS_ENDPOINT: endpoint,
    DIALOPS_API_KEY_FILE: join(folder, 'key'),
    XDG_CONFIG_HOME: folder,
  };
  return { folder: join(folder, 'gitops'), env };
}

describe.each(['onboarding', 'offboarding'])('examples/gitops/%s.md', (page) => {
  it('does what it says, from the first command to the last', async () => {
    const steps = stepsOf(await readFile(join(examples, 'gitops', `${page}.md`), 'utf8'));
    expect(steps.length).toBeGreaterThan(3);
    const { env, folder } = await workshop();
    for (const { expected, script, title } of steps) {
      const { code, output } = await runStep(script, folder, env);
      expect(code, `${title}\n${script}\n${output}`).toBe(0);
      for (const words of expected) expect(output, `${title}\n${script}`).toContain(words);
    }
  }, 180_000);
});
