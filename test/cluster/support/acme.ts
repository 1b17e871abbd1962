import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Workplace } from './workplace.ts';

const example = fileURLToPath(new URL('../../../examples/acme/', import.meta.url));

/** What the example's README has people put into its second Secret. */
export const portSecret = {
  'account-number': '7741-0093',
  pin: '4821',
  'letter.pdf': '%PDF-1.7 a made-up letter',
  'bill.pdf': '%PDF-1.7 a made-up bill',
};

/** Applies examples/acme with `kubectl apply -k`, against the phone system and in the namespace of the test. */
export async function applyAcme(work: Workplace): Promise<void> {
  await work.secret('port-riverbend-telecom', portSecret);
  const folder = await realpath(await mkdtemp(join(work.cluster.folder, 'acme-')));
  const { spec } = work.phoneSystem('default');
  const patch = JSON.stringify([{ op: 'replace', path: '/spec', value: spec ?? {} }]);
  const kustomization = {
    namespace: work.namespace,
    resources: [relative(folder, await realpath(example))],
    patches: [{ target: { kind: 'PhoneSystem' }, patch }],
  };
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
  await work.kubectl('apply', '-k', folder);
}
