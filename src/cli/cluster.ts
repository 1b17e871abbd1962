import type { SecretKeyRef } from '../account/desired.ts';
import { SecretMissing } from '../execution/host.ts';
import { systemClock } from '../foundation/clock.ts';
import {
  extensions,
  phoneSystems,
  portingOrders,
  privilegeGrants,
  type Stored,
  type StoredResource,
  userProfiles,
} from '../operator/kinds.ts';
import { isApiError } from '../operator/kubernetes/api-error.ts';
import { KubernetesClient } from '../operator/kubernetes/client.ts';
import { ApiConnection } from '../operator/kubernetes/connection.ts';
import { loadKubeConfig } from '../operator/kubernetes/kube-config.ts';
import { type KubernetesObject, type ResourceType, readObject } from '../operator/kubernetes/object.ts';
import { SecretReader } from '../operator/kubernetes/secrets.ts';
import { inviteAnnotation } from '../resources/annotations.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import { type AccountResource, defaultPhoneSystem, phoneSystemOf } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import { emptyLock, type Lock, type LockStore } from '../workspace/lock-file.ts';
import type { SecretSource } from '../workspace/secret-files.ts';
import type { ClusterFlags } from './cluster-options.ts';
import type { Declared } from './declared.ts';
import { explain, UsageError } from './exit.ts';

/** What a cluster holds of one phone system. */
export interface ClusterAccount {
  /** As if the cluster's own resources were the files. */
  readonly declared: Declared;
  /** What their statuses remember; it can be read only. */
  readonly memory: LockStore;
  /** The key in the Secret that the cluster's PhoneSystem names, whatever the files under review say. */
  readonly apiKey: () => Promise<string>;
}

export interface ClusterPlace extends ClusterFlags {
  readonly namespace?: string;
  readonly phoneSystem?: string;
}

/**
 * Reads the resources of one phone system, and writes nothing.
 *
 * @throws UsageError for a context that does not exist or a cluster without such a PhoneSystem, KubernetesError
 */
export async function readCluster(flags: ClusterPlace): Promise<ClusterAccount> {
  return await inCluster(flags, async ({ client, namespace, where }) => {
    const name = flags.phoneSystem ?? defaultPhoneSystem;
    const phoneSystem = await phoneSystemIn(client, namespace, name);
    const all: readonly StoredResource[][] = await Promise.all([
      listAll(client, userProfiles, namespace),
      listAll(client, extensions, namespace),
      listAll(client, privilegeGrants, namespace),
      listAll(client, portingOrders, namespace),
    ]);
    const resources = all.flat().filter((resource) => phoneSystemOf(resource) === name);
    const apiKey = await keyOf(client, phoneSystem, namespace);
    const { endpoint } = phoneSystem.spec;
    return {
      declared: { phoneSystem, endpoint, resources, findings: [], faulty: new Set(), complete: true },
      memory: new StatusMemory(where, lockOf(phoneSystem, resources)),
      apiKey: async () => apiKey,
    };
  });
}

/**
 * What version each Secret has that these resources name, as the operator sees it: by that its memory tells whether it
 * was changed. They are not written from here.
 *
 * @throws UsageError, KubernetesError
 */
export async function readSecrets(
  flags: ClusterPlace,
  resources: readonly AccountResource[],
): Promise<SecretSource> {
  const named = resources.flatMap(secretsOf);
  const versions = new Map<string, string | null | undefined>();
  if (named.length > 0) {
    await inCluster(flags, async ({ client, namespace }) => {
      const reader = new SecretReader({ client, clock: systemClock });
      for (const { key, name } of named) {
        const value = await reader.read(namespace, name, key);
        const missing = value.found || value.reason !== 'Forbidden' ? undefined : null;
        versions.set(`${name}/${key}`, value.found ? value.resourceVersion : missing);
      }
    });
  }
  return {
    revision: ({ key, name }) => versions.get(`${name}/${key}`),
    read: async ({ name }) => {
      throw new SecretMissing(`Secret ${name} is the operator's to read`);
    },
  };
}

function secretsOf(resource: AccountResource): SecretKeyRef[] {
  if (resource.kind !== 'PortingOrder') return [];
  const { documents, losingCarrier } = resource.spec;
  return [
    losingCarrier?.accountNumberSecretRef,
    losingCarrier?.pinSecretRef,
    documents?.letterOfAuthority?.secretRef,
    documents?.bill?.secretRef,
  ].filter((secret) => secret !== undefined);
}

/**
 * Has the operator send another invitation to each, by the annotation that asks for one.
 *
 * @throws UsageError for a profile that does not exist: then none of them was asked for
 */
export async function askForInvitations(
  flags: ClusterPlace,
  profiles: readonly string[],
  token: string,
): Promise<void> {
  await inCluster(flags, async ({ client, namespace, where }) => {
    for (const name of profiles) {
      await client.get(userProfiles, { namespace, name }).catch((error: unknown) => {
        if (!isApiError(error, 'notFound')) throw error;
        throw new UsageError(`There is no UserProfile ${name} in ${where}: nobody was invited`);
      });
    }
    for (const name of profiles) {
      const merge = { metadata: { annotations: { [inviteAnnotation]: token } } };
      await client.patch(userProfiles, { namespace, name }, { type: 'merge', merge });
    }
  });
}

interface Reached {
  readonly client: KubernetesClient;
  readonly namespace: string;
  /** Context and namespace, for messages. */
  readonly where: string;
}

async function inCluster<T>(flags: ClusterPlace, work: (reached: Reached) => Promise<T>): Promise<T> {
  const context = flags.context === undefined || flags.context === '' ? {} : { context: flags.context };
  const load = () =>
    flags.kubeconfig === undefined
      ? loadKubeConfig({ kind: 'default', ...context })
      : loadKubeConfig({ kind: 'file', file: flags.kubeconfig, ...context });
  const config = usable(load);
  const name = config.getCurrentContext();
  const namespace = flags.namespace ?? config.getContextObject(name)?.namespace ?? 'default';
  const connection = new ApiConnection(load);
  try {
    const client = new KubernetesClient({ connection, clock: systemClock });
    return await work({ client, namespace, where: `context ${name}, namespace ${namespace}` });
  } finally {
    connection.close();
  }
}

function usable(load: () => ReturnType<typeof loadKubeConfig>): ReturnType<typeof loadKubeConfig> {
  try {
    return load();
  } catch (error) {
    throw new UsageError(explain(error));
  }
}

async function phoneSystemIn(
  client: KubernetesClient,
  namespace: string,
  name: string,
): Promise<Stored<PhoneSystem>> {
  try {
    return await client.get(phoneSystems, { namespace, name });
  } catch (error) {
    if (!isApiError(error, 'notFound')) throw error;
    throw new UsageError(
      `The cluster has no PhoneSystem ${name} in namespace ${namespace}: name it with --phone-system and --namespace`,
      { cause: error },
    );
  }
}

const pageSize = 500;

async function listAll<T extends KubernetesObject>(
  client: KubernetesClient,
  type: ResourceType<T>,
  namespace: string,
): Promise<T[]> {
  const found: T[] = [];
  let continueToken: string | undefined;
  do {
    const page = await client.list(type, {
      namespace,
      limit: pageSize,
      ...(continueToken === undefined ? {} : { continueToken }),
    });
    found.push(...page.items.map((item) => readObject(type, item)));
    continueToken = page.continueToken;
  } while (continueToken !== undefined);
  return found;
}

async function keyOf(client: KubernetesClient, { spec }: PhoneSystem, namespace: string): Promise<string> {
  const { key, name } = spec.apiKeySecretRef;
  const secret = await new SecretReader({ client, clock: systemClock }).read(namespace, name, key);
  if (!secret.found) throw new UsageError(`No API key: ${secret.message}`);
  return secret.value.toString('utf8').trim();
}

function lockOf({ status }: PhoneSystem, resources: readonly AccountResource[]): Lock {
  return {
    ...emptyLock,
    ...(status?.customerId === undefined ? {} : { customerId: status.customerId }),
    removals: status?.recentRemovals ?? [],
    resources: new Map(resources.map((resource) => [resourceKey(referenceTo(resource)), resource])),
  };
}

/** The memory that an operator keeps in statuses. Only the operator writes it. */
class StatusMemory implements LockStore {
  readonly path: string;
  readonly knowsRenamed = false;
  readonly #lock: Lock;

  constructor(path: string, lock: Lock) {
    this.path = path;
    this.#lock = lock;
  }

  async read(): Promise<Lock> {
    return this.#lock;
  }

  async note(): Promise<void> {
    throw new Error('The statuses of a cluster are written by its operator alone');
  }

  async write(): Promise<void> {
    throw new Error('The statuses of a cluster are written by its operator alone');
  }
}
