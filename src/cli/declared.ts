import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import type { Finding } from '../resources/finding.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import {
  type AccountResource,
  apiVersion,
  defaultPhoneSystem,
  phoneSystemOf,
  type Resource,
} from '../resources/kinds.ts';
import { loadResources } from '../resources/loading/load-resources.ts';
import type { Connection } from './connection.ts';
import { UsageError } from './exit.ts';

export interface DeclaredFlags {
  readonly phoneSystem?: string;
  readonly namespace?: string;
}

/** What some files declare for one phone system. */
export interface Declared {
  readonly phoneSystem: PhoneSystem;
  readonly endpoint: string;
  readonly resources: readonly AccountResource[];
  readonly findings: readonly Finding[];
  /** Keys of resources that are declared and can't be read. */
  readonly faulty: ReadonlySet<string>;
  /** False when a file could not be read: nothing may be taken for removed. */
  readonly complete: boolean;
}

export function addDeclaredOptions(command: Command, argument = '<path...>'): Command {
  return command
    .argument(argument, 'files, folders or patterns of YAML; - is the standard input')
    .addOption(
      new Option('--phone-system <name>', 'the PhoneSystem to work on, where the files hold several'),
    )
    .addOption(new Option('--namespace <name>', 'of resources that name none (default: default)'));
}

/**
 * @param cluster the PhoneSystem as the cluster has it: it says where the key of the cluster may go
 * @throws UsageError when it is not clear which phone system is meant, or where it is
 */
export async function loadDeclared(
  paths: readonly string[],
  flags: DeclaredFlags,
  connection: Pick<Connection, 'endpoint'>,
  cluster?: PhoneSystem,
): Promise<Declared> {
  const { namespace, phoneSystem: wanted } = flags;
  const loaded = await loadResources(paths, {
    stdin: () => text(process.stdin),
    ...(namespace === undefined ? {} : { namespace }),
  });
  const all = loaded.resources.map(({ resource }) => resource);
  const phoneSystem =
    choose(all, wanted, namespace) ?? cluster ?? assumed(all, wanted, namespace, connection.endpoint);
  const endpoint = connection.endpoint ?? (cluster ?? phoneSystem).spec.endpoint;
  const home = phoneSystem.metadata.namespace;
  const resources = all.flatMap((resource) => {
    if (resource.kind === 'PhoneSystem' || resource.kind === 'DriftReport') return [];
    const own = phoneSystemOf(resource) === phoneSystem.metadata.name && resource.metadata.namespace === home;
    return own ? [resource] : [];
  });
  const { complete, faulty, findings } = loaded;
  return { phoneSystem, endpoint, resources, findings, faulty, complete };
}

function choose(
  resources: readonly Resource[],
  name: string | undefined,
  namespace: string | undefined,
): PhoneSystem | undefined {
  const all = resources.filter((resource) => resource.kind === 'PhoneSystem');
  const matching = all.filter(
    ({ metadata }) =>
      (name === undefined || metadata.name === name) &&
      (namespace === undefined || metadata.namespace === namespace),
  );
  const names = all.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ');
  if (matching.length > 1) {
    throw new UsageError(
      `The files hold several phone systems (${names}): choose one with --phone-system and --namespace`,
    );
  }
  if (matching.length === 0 && all.length > 0) {
    throw new UsageError(`The files hold no such phone system; they hold ${names}`);
  }
  return matching[0];
}

/** A PhoneSystem may stay in the cluster, out of the files: then all of its settings are the defaults. */
function assumed(
  resources: readonly Resource[],
  name: string = defaultPhoneSystem,
  namespace: string | undefined,
  endpoint: string | undefined,
): PhoneSystem {
  if (endpoint === undefined) {
    throw new UsageError(
      'The files hold no PhoneSystem: add it, or say where the phone system is with --endpoint or DIALOPS_ENDPOINT',
    );
  }
  const home = namespace ?? resources[0]?.metadata.namespace ?? 'default';
  return {
    apiVersion,
    kind: 'PhoneSystem',
    metadata: { name, namespace: home },
    spec: { endpoint, apiKeySecretRef: { name: 'unused', key: 'unused' } },
  };
}
