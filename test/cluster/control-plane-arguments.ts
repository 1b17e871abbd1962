import { join } from 'node:path';

/** The data is thrown away: nothing is synced to disk. Sockets in a private folder need no free ports. */
export function etcdArguments(folder: string): string[] {
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${etcdSocket(folder)}`,
    // Advertised must be a host and a port. Nobody follows these: there is one member, and its client is told.
    '--advertise-client-urls=http://127.0.0.1:2379',
    `--listen-peer-urls=unix://${join(folder, 'etcd-peer.sock')}`,
    '--initial-advertise-peer-urls=http://127.0.0.1:2380',
    '--initial-cluster=default=http://127.0.0.1:2380',
    '--log-level=warn',
  ];
}

/** The certificate is made by the server itself; its file holds the authority that signed it as well. */
export function apiserverArguments(folder: string, port: number, auditLog: boolean): string[] {
  return [
    `--etcd-servers=${etcdSocket(folder)}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    '--authorization-mode=RBAC',
    '--anonymous-auth=true',
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${join(folder, 'service-accounts.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'service-accounts.key')}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--shutdown-delay-duration=0s',
    ...(auditLog
      ? [
          `--audit-policy-file=${join(folder, 'audit-policy.json')}`,
          `--audit-log-path=${join(folder, 'audit.log')}`,
          '--audit-log-mode=blocking',
        ]
      : []),
  ];
}

export function controllerManagerArguments(folder: string, kubeconfig: string): string[] {
  const controllers = [
    'namespace-controller',
    'garbage-collector-controller',
    'serviceaccount-controller',
    'clusterrole-aggregation-controller',
  ];
  return [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${controllers.join(',')}`,
    `--service-account-private-key-file=${join(folder, 'service-accounts.key')}`,
    '--leader-elect=false',
    '--secure-port=0',
    // Tests wait for namespaces to go away.
    '--concurrent-namespace-syncs=20',
  ];
}

function etcdSocket(folder: string): string {
  return `unix://${join(folder, 'etcd.sock')}`;
}
