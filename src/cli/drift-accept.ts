import type { DriftedField, DriftedResource } from '../account/drift/drift-findings.ts';
import { isJsonArray, isJsonObject, type Json } from '../foundation/json.ts';
import type { DriftReport, Place } from '../report/drift/drift-report.ts';
import { isPersonal } from '../report/plan/personal-values.ts';
import type { JsonPath } from '../resources/json-path.ts';
import { loadResources } from '../resources/loading/load-resources.ts';
import type { LoadedDocument } from '../resources/loading/loaded-document.ts';
import { formatReference, resourceKey } from '../resources/reference.ts';
import { type Acceptance, type NotAccepted, planAcceptance } from '../workspace/accept/accept-drift.ts';
import { AccountValues } from '../workspace/accept/account-values.ts';
import { unifiedDiff } from '../workspace/accept/unified-diff.ts';
import type { AccountDrift } from '../workspace/account-drift.ts';

/** The YAML that resources come from, by resource key. */
export type Documents = ReadonlyMap<string, LoadedDocument>;

/** @param namespace of resources that name none */
export async function documentsIn(
  paths: readonly string[],
  namespace: string | undefined,
): Promise<Documents> {
  if (paths.length === 0) return new Map();
  const loaded = await loadResources(paths, {
    // It was read already, and nothing can be written there.
    stdin: async () => '',
    ...(namespace === undefined ? {} : { namespace }),
  });
  return new Map(loaded.resources.map(({ document }) => [document.key, document]));
}

/** What the files would be with the account's values. @param showValues false: values about persons stay out */
export function acceptanceOf(drift: AccountDrift, documents: Documents, showValues: boolean): Acceptance {
  return planAcceptance({
    drifted: drift.findings.drifted,
    documents,
    values: new AccountValues(drift.observed, drift.run.host.memory()),
    ...(showValues ? {} : { takes: isImpersonal }),
  });
}

function isImpersonal({ account, path }: DriftedField, at: JsonPath, value: Json): boolean {
  return !(account !== undefined && isPersonal(path, account)) && !holdsPersonal(at, value);
}

function holdsPersonal(path: JsonPath, value: Json): boolean {
  if (isJsonArray(value)) return value.some((item) => holdsPersonal(path, item));
  if (isJsonObject(value)) {
    return Object.entries(value).some(([name, member]) => holdsPersonal([...path, name], member));
  }
  return isPersonal(path.map(String), value);
}

export function patchesOf({ edits }: Acceptance): DriftReport['patches'] {
  return edits.map((edit) => ({ file: edit.file, diff: unifiedDiff(edit) }));
}

export function spokenRefusals(refusals: readonly NotAccepted[]): DriftReport['notAcceptable'] {
  return refusals.map(({ field, resource, why }) => ({
    resource: formatReference(resource),
    ...(field === undefined ? {} : { field: `spec.${field}` }),
    why,
  }));
}

/** Where a drifted resource, or one of its fields, stands in the files. */
export function placeIn(
  documents: Documents,
): (drifted: DriftedResource, field?: string) => Place | undefined {
  return ({ resource }, field) => {
    const document = documents.get(resourceKey(resource));
    if (!document) return undefined;
    const path = field === undefined ? [] : ['spec', ...field.replace(/\[.*$/, '').split('.')];
    return document.placeOf(path, 'key');
  };
}
