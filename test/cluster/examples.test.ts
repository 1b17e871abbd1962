import { globSync } from 'node:fs';
import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { kubectlOutput } from './kubectl.ts';
import { testCluster, useNamespace } from './test-cluster.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

const cluster = testCluster();

/** What is applied as a whole; a base is applied by its overlays. */
const kustomizations = globSync('**/kustomization.yaml', { cwd: EXAMPLES })
  .map((file) => dirname(file))
  .filter((folder) => !folder.endsWith('/base'))
  .sort();

describe.each(kustomizations)('examples/%s', (example) => {
  const namespace = useNamespace(cluster, example.replaceAll('/', '-'));
  let overlay: string;
  beforeAll(async () => {
    overlay = await overlayOf(join(EXAMPLES, example), namespace());
  });

  /** The names of what was applied. */
  async function apply(): Promise<string[]> {
    const { exitCode, stdout, stderr } = await cluster.kubectl([
      'apply',
      '--server-side',
      '-k',
      overlay,
      '-o',
      'name',
    ]);
    expect({ exitCode, stderr }, 'kubectl apply').toEqual({ exitCode: 0, stderr: '' });
    return stdout.trim().split('\n');
  }

  it('applies as it is, without a warning', async () => {
    const kinds = new Set((await apply()).map((name) => name.split('/')[0]));
    for (const kind of ['phonesystem', 'userprofile', 'extension', 'privilegegrant']) {
      expect(kinds).toContain(`${kind}.dialops.dev`);
    }
  });

  it('applied once more changes nothing', async () => {
    await apply();
    const before = await resourceVersions(namespace());
    await apply();
    expect(await resourceVersions(namespace())).toBe(before);
  });

  it('shows its resources under "kubectl get dialops"', async () => {
    const applied = await apply();
    const listed = await kubectlOutput(cluster.kubectl, ['get', 'dialops', '-n', namespace(), '-o', 'name']);
    expect(listed.trim().split('\n').sort()).toEqual(
      applied.filter((name) => name.includes('.dialops.dev/')).sort(),
    );
  });
});

/** The example in another namespace, for `kubectl apply -k`. Kustomize wants relative paths. */
async function overlayOf(example: string, namespace: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(cluster.folder, 'overlay-')));
  const kustomization = { namespace, resources: [relative(folder, await realpath(example))] };
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
  return folder;
}

function resourceVersions(namespace: string): Promise<string> {
  const row = '{.kind}/{.metadata.name} {.metadata.resourceVersion}{"\\n"}';
  const output = `jsonpath={range .items[*]}${row}{end}`;
  return kubectlOutput(cluster.kubectl, ['get', 'dialops', '-n', namespace, '-o', output]);
}
