import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { digest } from '../account/digest.ts';
import { formatPath, type ObjectType, objectTypes } from '../account/objects.ts';
import type { Action, Change, FieldChange, Plan } from '../account/plan.ts';
import { valueDigest } from '../account/value-digest.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { loadResources } from '../resources/loading/load-resources.ts';
import { replaceFile } from './replace-file.ts';

const format = 'dialops.dev/saved-plan/v1';

/**
 * A plan to be carried out as it was reviewed: what the files declared, and each change with a fingerprint of what
 * it rests on. It holds no secrets: of those it names the Secret and the key, as the files do.
 */
export interface SavedPlan {
  /** With which version of dialops it was made: another one may plan otherwise. */
  readonly version: string;
  readonly phoneSystem: PhoneSystem;
  readonly endpoint: string;
  /** The account that it is for, where the phone system says so. */
  readonly customerId?: string;
  readonly prune: boolean;
  readonly approvedRemovals?: string;
  /** Where the memory is, as the command that saved the plan found it. */
  readonly lockFile: string;
  readonly resources: readonly AccountResource[];
  readonly steps: readonly PlannedStep[];
}

/** One change of a plan, without its values. */
export interface PlannedStep {
  /** Names the object from one run to the next: it is made of the resource's name, or of the object's id. */
  readonly handle: string;
  readonly action: Action;
  readonly type: ObjectType;
  /** Absent for what is yet to be made. */
  readonly objectId?: string;
  /** It comes after another step, which may give it values that are not known before. */
  readonly waits: boolean;
  /** By path: fingerprints of the account's value (absent where it has none) and of the declared one. */
  readonly fields: Readonly<Record<string, StepField>>;
}

export interface StepField {
  readonly from?: string;
  readonly to: string;
}

/** The file is no saved plan, or of another version; the message names it and the way out. */
export class SavedPlanError extends Error {
  override readonly name = 'SavedPlanError';
}

/** What a run would make now: the changes that nothing holds back. */
export function stepsOf(plan: Plan): PlannedStep[] {
  return plan.changes.filter(isToBeMade).map((change) => ({
    handle: change.handle,
    action: change.action,
    type: change.type,
    ...(change.objectId === undefined ? {} : { objectId: change.objectId }),
    waits: change.gate !== undefined,
    fields: Object.fromEntries(change.fields.map((field) => [formatPath(field.path), fieldOf(field)])),
  }));
}

/** Waiting for another change of the same plan is no hold. */
function isToBeMade({ gate }: Change): boolean {
  return gate === undefined || (gate.kind === 'waits' && gate.reason === 'WaitingForDependency');
}

/** Of a secret nothing is kept, not even a fingerprint: a PIN of four digits is soon guessed from one. */
export function fieldOf({ field, from, secret }: FieldChange): StepField {
  const to = secret ? 'secret' : valueDigest(field);
  return { ...(from === undefined ? {} : { from: digest(from) }), to };
}

/** Replaces the file as a whole; only its owner may read it, as it tells what an account holds. */
export async function writeSavedPlan(path: string, plan: SavedPlan): Promise<void> {
  const { phoneSystem, resources, ...rest } = plan;
  const content = {
    format,
    ...rest,
    declared: { apiVersion: 'v1', kind: 'List', items: [phoneSystem, ...resources] },
  };
  await replaceFile(path, `${JSON.stringify(content, undefined, 1)}\n`, 0o600);
}

/** The file around the resources; these are held against their own schemas. */
interface Envelope extends Omit<SavedPlan, 'phoneSystem' | 'resources'> {
  readonly format: typeof format;
  readonly declared: object;
}

const text = { type: 'string' };
const flag = { type: 'boolean' };
const envelopeSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['format', 'version', 'endpoint', 'prune', 'lockFile', 'steps', 'declared'],
  properties: {
    format: { const: format },
    version: text,
    endpoint: text,
    customerId: text,
    prune: flag,
    approvedRemovals: text,
    lockFile: text,
    declared: { type: 'object' },
    steps: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['handle', 'action', 'type', 'waits', 'fields'],
        properties: {
          handle: text,
          action: { enum: ['Create', 'Update', 'Delete', 'Submit', 'Cancel'] satisfies Action[] },
          type: { enum: objectTypes },
          objectId: text,
          waits: flag,
          fields: {
            type: 'object',
            additionalProperties: {
              type: 'object',
              additionalProperties: false,
              required: ['to'],
              properties: { from: text, to: text },
            },
          },
        },
      },
    },
  },
};

/**
 * Reads a plan back; nothing in it is believed that `version` or the schemas of the resources do not allow.
 *
 * @throws SavedPlanError
 */
export async function readSavedPlan(path: string, version: string): Promise<SavedPlan> {
  const again = 'make it again with dialops plan --out';
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new SavedPlanError(`${path} can't be read as a saved plan: ${again}`, { cause: error });
  }
  const isEnvelope = new Ajv().compile<Envelope>(envelopeSchema);
  if (!isEnvelope(content)) {
    const [fault] = isEnvelope.errors ?? [];
    const where = fault?.instancePath === '' ? '' : ` at ${fault?.instancePath}`;
    throw new SavedPlanError(`${path} is no saved plan of this version of dialops${where}: ${again}`);
  }
  const { declared, format: _format, ...rest } = content;
  if (rest.version !== version) {
    throw new SavedPlanError(`${path} was made by dialops ${rest.version}, and this is ${version}: ${again}`);
  }
  const loaded = await loadResources(['-'], { stdin: async () => JSON.stringify(declared) });
  const [finding] = loaded.findings;
  if (finding) throw new SavedPlanError(`${path}: ${finding.field ?? ''} ${finding.message}: ${again}`);
  const all = loaded.resources.map(({ resource }) => resource);
  const [phoneSystem, ...others] = all.filter((resource) => resource.kind === 'PhoneSystem');
  if (!phoneSystem || others.length > 0) {
    throw new SavedPlanError(`${path} must hold one PhoneSystem, and holds ${others.length + 1}: ${again}`);
  }
  const resources = all.flatMap((resource) =>
    resource.kind === 'PhoneSystem' || resource.kind === 'DriftReport' ? [] : [resource],
  );
  return { ...rest, phoneSystem, resources };
}
