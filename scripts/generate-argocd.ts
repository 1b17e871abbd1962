// Generates integrations/argocd/argocd-cm.yaml from health.lua beside it: an entry for each kind, as Argo CD reads them. With --check it writes
// nothing and exits 1 when it is stale.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { group, kinds } from '../src/resources/kinds.ts';
import { bringUpToDate } from './generated-files.ts';

const folder = 'integrations/argocd';
const script = await readFile(join(import.meta.dirname, '..', folder, 'health.lua'), 'utf8');
const patch = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'argocd-cm', namespace: 'argocd' },
  data: Object.fromEntries(kinds.map((kind) => [`resource.customizations.health.${group}_${kind}`, script])),
};
const head = `# Generated from health.lua by scripts/generate-argocd.ts. Merge it into Argo CD's own ConfigMap:
#   kubectl patch configmap argocd-cm -n argocd --type merge --patch-file argocd-cm.yaml
`;
await bringUpToDate(
  new Map([[`${folder}/argocd-cm.yaml`, head + stringify(patch, { lineWidth: 0 })]]),
  'node scripts/generate-argocd.ts',
);
