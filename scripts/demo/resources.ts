import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/foundation/json.ts';
import { kubectlOutput } from '../../test/cluster/kubectl.ts';
import type { DemoCluster } from './cluster.ts';

export interface DriftShown {
  /** Where in the YAML: `spec.jobTitle`. */
  readonly fields: readonly string[];
  readonly changedBy?: string;
  /** RFC 3339. */
  readonly changedAt?: string;
}

/** What kubectl shows of a resource. */
export interface ResourceShown {
  readonly kind: string;
  readonly name: string;
  /** The status answers the present spec, and says Ready. */
  readonly ready: boolean;
  readonly stalled: boolean;
  readonly reason: string;
  readonly message: string;
  readonly externalId?: string;
  readonly drift?: DriftShown;
}

/** All resources of the category `dialops` in the company's namespace. */
export async function readResources(cluster: DemoCluster): Promise<readonly ResourceShown[]> {
  const args = ['get', 'dialops', '-n', cluster.companyNamespace, '-o', 'json'];
  const list: Json = JSON.parse(await kubectlOutput(cluster.kubectl, args));
  return objects(isJsonObject(list) ? list.items : undefined).map(shown);
}

function shown(resource: JsonObject): ResourceShown {
  const metadata = object(resource.metadata);
  const status = object(resource.status);
  const conditions = objects(status.conditions);
  const ready = conditions.find((condition) => condition.type === 'Ready');
  const current = status.observedGeneration === metadata.generation;
  const { externalId } = status;
  const drift = isJsonObject(status.drift) ? driftOf(status.drift) : undefined;
  return {
    kind: text(resource.kind),
    name: text(metadata.name),
    ready: current && ready?.status === 'True',
    stalled: current && conditions.some(({ type, status }) => type === 'Stalled' && status === 'True'),
    reason: current ? text(ready?.reason) || 'Pending' : 'Pending',
    message: text(ready?.message),
    ...(typeof externalId === 'string' ? { externalId } : {}),
    ...(drift ? { drift } : {}),
  };
}

function driftOf(drift: JsonObject): DriftShown {
  const { changedAt, changedBy } = drift;
  return {
    fields: objects(drift.paths).map(({ owner, path }) => text(owner) || text(path)),
    ...(typeof changedBy === 'string' ? { changedBy } : {}),
    ...(typeof changedAt === 'string' ? { changedAt } : {}),
  };
}

function object(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
