import { LockFile, type LockStore } from '../workspace/lock-file.ts';
import type { SecretSource } from '../workspace/secret-files.ts';
import { type ClusterFlags, namesCluster } from './cluster-options.ts';
import { type Connection, type ConnectionFlags, connect } from './connection.ts';
import { type Declared, type DeclaredFlags, loadDeclared } from './declared.ts';
import { UsageError } from './exit.ts';
import { type LockFlags, lockPath } from './lock-options.ts';

export interface SourceFlags extends ConnectionFlags, DeclaredFlags, LockFlags, ClusterFlags {}

/** What is declared, the way to the account, and what is remembered of it. */
export interface Source {
  readonly connection: Connection;
  readonly declared: Declared;
  readonly memory: LockStore;
  /** Of the cluster, whose memory knows their versions; absent where Secrets are files. */
  readonly secrets?: SecretSource;
}

/**
 * Files beside a lock file; with a context, files beside what the statuses of a cluster remember, or without files
 * the cluster's own resources.
 *
 * @throws UsageError, LockFileError
 */
export async function sourceOf(paths: readonly string[], flags: SourceFlags): Promise<Source> {
  if (!namesCluster(flags)) {
    if (paths.length === 0) throw new UsageError('Name files or folders, or a cluster (--context)');
    const connection = await connect(flags, process.env);
    const declared = await loadDeclared(paths, flags, connection);
    return { connection, declared, memory: new LockFile(await lockPath(flags, paths)) };
  }
  if (flags.lockFile !== undefined) {
    throw new UsageError("A cluster's memory is in its statuses: give --context or --lock-file, not both");
  }
  // Few commands need a Kubernetes client: the others need not wait for it.
  const { readCluster, readSecrets } = await import('./cluster.ts');
  const cluster = await readCluster(flags);
  const connection = await connect(flags, process.env, { clusterKey: cluster.apiKey });
  const { memory } = cluster;
  if (paths.length === 0) {
    const endpoint = connection.endpoint ?? cluster.declared.endpoint;
    const secrets = await readSecrets(flags, cluster.declared.resources);
    return { connection, declared: { ...cluster.declared, endpoint }, memory, secrets };
  }
  const { phoneSystem } = cluster.declared;
  const namespace = phoneSystem.metadata.namespace ?? 'default';
  const declared = await loadDeclared(paths, { ...flags, namespace }, connection, phoneSystem);
  return { connection, declared, memory, secrets: await readSecrets(flags, declared.resources) };
}
