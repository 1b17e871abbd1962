import { fileURLToPath } from 'node:url';
import { kubectlOutput } from '../../test/cluster/kubectl.ts';
import { applyObjects, type DemoCluster, overlay } from './cluster.ts';
import type { DemoPhoneSystem } from './phone-system.ts';
import type { Screen } from './screen.ts';
import { acmeSecrets } from './secrets.ts';

const example = fileURLToPath(new URL('../../examples/acme/', import.meta.url));
/** What the example says without an overlay. */
const written = { namespace: 'acme', endpoint: 'http://127.0.0.1:8480/admin-provisioning' };

/** Applies examples/acme and its Secrets; another namespace or endpoint goes on top as an overlay. */
export async function applyCompany(
  cluster: DemoCluster,
  phones: DemoPhoneSystem,
  screen: Screen,
): Promise<void> {
  const { companyNamespace: namespace, kubectl } = cluster;
  await applyObjects(cluster, acmeSecrets(namespace, phones.apiKey));
  const asWritten = namespace === written.namespace && phones.endpoint === written.endpoint;
  if (!asWritten) screen.line(`  (in namespace ${namespace}, with the phone system at ${phones.endpoint})`);
  const folder = asWritten ? example : await changedExample(cluster, phones.endpoint);
  screen.line('  $ kubectl apply -k examples/acme');
  const applied = await kubectlOutput(kubectl, ['apply', '--server-side', '-k', folder, '-o', 'name']);
  screen.line(`  ${applied.trim().split('\n').length} resources applied`);
}

function changedExample(cluster: DemoCluster, endpoint: string): Promise<string> {
  const patch = JSON.stringify([{ op: 'replace', path: '/spec/endpoint', value: endpoint }]);
  return overlay(cluster, example, {
    namespace: cluster.companyNamespace,
    patches: [{ target: { kind: 'PhoneSystem' }, patch }],
  });
}
