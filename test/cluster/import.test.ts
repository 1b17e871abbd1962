import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { layouts } from '../../src/workspace/repository/layout.ts';
import { Flow } from '../flows/support/account.ts';
import { grantSome, importInto, setSome } from '../flows/support/imported.ts';
import { variedCompany } from '../flows/support/varied-company.ts';
import { testCluster, useNamespace } from './test-cluster.ts';

const cluster = testCluster();
const namespace = useNamespace(cluster, 'import');

it.each(layouts)(
  'the repository of an import, laid out by %s, applies with "kubectl apply -k" as it is',
  async (layout) => {
    const folder = await mkdtemp(join(tmpdir(), 'dialops-import-'));
    try {
      const company = variedCompany({ users: 30, seed: 14 });
      const flow = new Flow({ resources: [], company, sandbox: { seed: 14, unlimited: true } });
      await grantSome(flow, 3);
      await setSome(flow, 5);
      const out = join(folder, 'company');
      const { resources } = await importInto(flow, out, { layout, namespace: namespace() });
      const { exitCode, stderr, stdout } = await cluster.kubectl([
        ...['apply', '--server-side', '-k', out, '-o', 'name'],
      ]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const wanted = resources.map(
        ({ kind, metadata }) => `${kind.toLowerCase()}.dialops.dev/${metadata.name}`,
      );
      expect(stdout.trim().split('\n').sort()).toEqual([...wanted, 'phonesystem.dialops.dev/default'].sort());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
