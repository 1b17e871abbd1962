import { type ResourceRef, resourceKey } from '../resources/reference.ts';
import type { DesiredObject, Risk } from './desired.ts';
import { digest } from './digest.ts';
import { formatPath } from './objects.ts';
import type { Action, Change, FieldChange, Gate } from './plan.ts';
import { valueDigest } from './value-digest.ts';

/** An update reads the object afresh before it writes. */
const requestsOf: Readonly<Record<Action, number>> = {
  Create: 1,
  Update: 2,
  Delete: 1,
  Submit: 1,
  Cancel: 1,
};

/** One change of one object, with the resources that ask for it. */
export function assemble(
  action: Action,
  object: DesiredObject,
  fields: readonly FieldChange[],
  gate: Gate | undefined,
  risk: Risk,
): Change {
  const { after, handle, naturalKey, type } = object;
  const objectId = object.id === undefined || action === 'Create' ? undefined : object.id;
  return {
    id: fingerprint(action, type, handle, object.id, fields),
    action,
    type,
    handle,
    ...(objectId === undefined ? {} : { objectId }),
    naturalKey,
    fields,
    resources: action === 'Update' ? askingFor(fields, object.resources) : unique(object.resources),
    risk,
    after,
    ...(gate ? { gate } : {}),
    requests: requestsOf[action],
  };
}

/** The same update of some of its fields alone. */
export function partOf(change: Change, fields: readonly FieldChange[]): Change {
  const { action, handle, objectId, type } = change;
  return {
    ...change,
    id: fingerprint(action, type, handle, objectId, fields),
    fields,
    resources: askingFor(fields, change.resources),
    risk: riskOf(fields),
  };
}

const riskRank: Readonly<Record<Risk, number>> = { safe: 0, interruptsService: 1, losesData: 2 };

export function riskOf(fields: readonly FieldChange[]): Risk {
  let worst: Risk = 'safe';
  for (const field of fields) if (riskRank[field.risk] > riskRank[worst]) worst = field.risk;
  return worst;
}

function fingerprint(
  action: Action,
  type: Change['type'],
  handle: string,
  id: string | undefined,
  fields: readonly FieldChange[],
): string {
  const what = fields.map((field) => `${formatPath(field.path)}=${valueDigest(field.field)}`).sort();
  return digest([action, type, handle, id ?? null, what]);
}

/** Whose fields they are; where nobody declares one, whose object it is. */
function askingFor(fields: readonly FieldChange[], others: Change['resources']): Change['resources'] {
  const [first, ...rest] = fields.flatMap(({ owners }) => owners.map(({ resource }) => resource));
  return first ? unique([first, ...rest]) : [others[0]];
}

function unique([first, ...others]: Change['resources']): Change['resources'] {
  const rest = new Map<string, ResourceRef>(others.map((resource) => [resourceKey(resource), resource]));
  rest.delete(resourceKey(first));
  return [first, ...rest.values()];
}
