/** How to reach an API server as somebody. */
export interface KubeconfigEntry {
  /** e.g. https://127.0.0.1:6443 */
  readonly server: string;
  /** PEM */
  readonly certificateAuthority: string;
  readonly token: string;
  /** The namespace used when none is named; `default` when left out. */
  readonly namespace?: string;
}

/** A kubeconfig with one cluster, one user and one context, all named `dialops`. JSON, so YAML as well. */
export function kubeconfig(entry: KubeconfigEntry): string {
  const name = 'dialops';
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [
      {
        name,
        cluster: {
          server: entry.server,
          'certificate-authority-data': Buffer.from(entry.certificateAuthority).toString('base64'),
        },
      },
    ],
    users: [{ name, user: { token: entry.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: entry.namespace ?? 'default' } }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
