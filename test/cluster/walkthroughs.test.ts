import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { launcher } from '../flows/support/command.ts';
import { examples, Workshop } from '../flows/support/workshop.ts';
import { runStep, stepsOf } from './support/walkthrough.ts';
import { testCluster } from './test-cluster.ts';

const cluster = testCluster();
const open: Workshop[] = [];

afterAll(async () => {
  for (const workshop of open) await workshop.close();
});

/** A copy of the example, a sandbox of its own, and both commands in the PATH. */
async function place() {
  const workshop = await Workshop.open({ latencyMs: { min: 20, max: 50 }, parent: cluster.folder });
  open.push(workshop);
  const bin = join(workshop.folder, 'bin');
  await mkdir(bin);
  await symlink(launcher, join(bin, 'dialops'));
  await symlink(cluster.kubectlExecutable, join(bin, 'kubectl'));
  const folder = join(workshop.folder, 'gitops');
  await cp(join(examples, 'gitops'), folder, { recursive: true });
  return { folder, env: { ...workshop.env, PATH: `${bin}:${process.env.PATH}` } };
}

describe.each(['onboarding', 'offboarding'])('examples/gitops/%s.md', (page) => {
  it('does what it says, from the first command to the last', async () => {
    const steps = stepsOf(await readFile(join(examples, 'gitops', `${page}.md`), 'utf8'));
    expect(steps.length).toBeGreaterThan(3);
    const { env, folder } = await place();
    for (const { expected, script, title } of steps) {
      const { code, output } = await runStep(script, folder, env);
      expect(code, `${title}\n${script}\n${output}`).toBe(0);
      for (const words of expected) expect(output, `${title}\n${script}`).toContain(words);
    }
  }, 180_000);
});
