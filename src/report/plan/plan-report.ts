import { howToAgree } from '../../account/consent.ts';
import type { DesiredAccount } from '../../account/desired.ts';
import { fieldInYaml } from '../../account/field-in-yaml.ts';
import { formatPath } from '../../account/objects.ts';
import type { Action, Cause, Change, FieldChange, Gate, Outcome, Plan } from '../../account/plan.ts';
import type { Json } from '../../foundation/json.ts';
import type { Finding } from '../../resources/finding.ts';
import { formatReference, type ResourceRef, resourceKey } from '../../resources/reference.ts';
import { isPersonal } from './personal-values.ts';

export const planReportFormat = 'dialops.dev/plan/v1';

/** A plan as reviewers read it; the JSON format of `dialops plan`, described by schemas/plan.schema.json. */
export interface PlanReport {
  readonly format: typeof planReportFormat;
  readonly phoneSystem: string;
  readonly summary: PlanSummary;
  /** Those that can't be undone first, then in the order in which they are made. */
  readonly changes: readonly PlannedChange[];
  readonly problems: readonly PlanProblem[];
  /** Errors in the files: what stands there is not planned, and nothing may be concluded from its absence. */
  readonly faults: readonly PlanFault[];
  /** What could not be read and is therefore not judged, by resource. */
  readonly unknown: readonly { readonly resource: string; readonly why: string }[];
  /** Fields that were taken out of the YAML: they keep their value in the account and are no longer managed. */
  readonly released: readonly { readonly resource: string; readonly fields: readonly string[] }[];
  /** Edits of the YAML that are due though the account is as it should be: a port has swapped a number. */
  readonly edits: readonly PlannedEdit[];
  /** Resources that were applied once and are no longer in the files, when they are not removed. */
  readonly undeclared: readonly string[];
}

export interface PlanFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** As in the YAML, with `spec.`. */
  readonly field?: string;
  readonly message: string;
}

export interface PlannedEdit {
  readonly resource: string;
  /** As in the YAML, with `spec.`. */
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

export interface PlanSummary {
  /** Those that the files declare for this phone system. */
  readonly resources: number;
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  /** Submissions and cancellations of ports. */
  readonly act: number;
  /** Of all changes, those that are shown and not made. */
  readonly held: number;
  /** Of those that are made. */
  readonly losesData: number;
  readonly interruptsService: number;
  readonly emails: number;
  readonly requests: number;
  /** Least time under the limits of requests and of operations in flight. */
  readonly minutes: number;
}

export interface PlannedChange {
  readonly id: string;
  readonly action: Action;
  /** What it is about, as a person reads it: `user of UserProfile jane`. */
  readonly object: string;
  /** Who asks for it: `UserProfile jane`. */
  readonly resources: readonly string[];
  readonly risk: Change['risk'];
  readonly fields: readonly PlannedField[];
  /** Why it is shown and not made. */
  readonly held?: { readonly why: string; readonly remedy: string };
  /** What comes first: it is made by the same run. */
  readonly waitsFor?: string;
  readonly requests: number;
}

export interface PlannedField {
  readonly resource: string;
  /** As in the YAML, with `spec.`. */
  readonly field: string;
  readonly path: string;
  /** Absent when the account has nothing there, and for secrets. */
  readonly from?: Json;
  readonly to?: Json;
  /** What the account calls what `from` and `to` are the ids of: a site, a group. */
  readonly fromName?: string;
  readonly toName?: string;
  /** What the next step of the same run makes of it: `given to UserProfile tom`. */
  readonly afterwards?: string;
  readonly removed?: true;
  /** The value is not known before the write: the id of an address or document that is registered by it. */
  readonly later?: true;
  readonly secret?: true;
  /** The account's own value is personal and was left out. */
  readonly hidden?: true;
  readonly cause: Cause;
  readonly risk: Change['risk'];
}

export interface PlanProblem {
  readonly resource: string;
  readonly reason: string;
  readonly field?: string;
  readonly message: string;
}

export interface PlanReportOptions {
  readonly phoneSystem: string;
  /** How many the files declare. */
  readonly resources: number;
  /** Of the files. */
  readonly findings: readonly Finding[];
  readonly undeclared: readonly ResourceRef[];
  /** Shows personal values that the account holds. */
  readonly showValues: boolean;
  /** What the account calls the thing with this id, where it has a name. */
  readonly nameOf: (id: string) => string | undefined;
  readonly limits: { readonly perMinute: number; readonly operationsInFlight: number };
}

/** The guide: 2–5 s for a simple operation. */
const operationSeconds = 4;

export function reportPlan(plan: Plan, desired: DesiredAccount, options: PlanReportOptions): PlanReport {
  const changes = plan.changes.map((change) => plannedChange(change, options));
  const made = plan.changes.filter((_, index) => changes[index]?.held === undefined);
  const outcomes = [...plan.outcomes.values()];
  const requests = made.reduce((sum, change) => sum + change.requests, 0);
  const count = (...actions: Action[]) => made.filter(({ action }) => actions.includes(action)).length;
  return {
    format: planReportFormat,
    phoneSystem: options.phoneSystem,
    summary: {
      resources: options.resources,
      create: made.filter((change) => change.action === 'Create' && change.type !== 'invitation').length,
      update: count('Update'),
      delete: count('Delete'),
      act: count('Submit', 'Cancel'),
      held: changes.length - made.length,
      losesData: made.filter(({ risk }) => risk === 'losesData').length,
      interruptsService: made.filter(({ risk }) => risk === 'interruptsService').length,
      emails: made.filter(({ type }) => type === 'invitation').length,
      requests,
      minutes: leastMinutes(requests, made.length, options.limits),
    },
    changes: [
      ...changes.filter(({ risk }) => risk === 'losesData'),
      ...changes.filter(({ risk }) => risk !== 'losesData'),
    ],
    problems: desired.problems.map(({ resource, reason, field, message }) => ({
      resource: formatReference(resource),
      reason,
      ...(field === undefined ? {} : { field: `spec.${field}` }),
      message,
    })),
    faults: options.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ field, message, place }) => ({ ...place, ...(field === undefined ? {} : { field }), message })),
    unknown: outcomes
      .filter((outcome) => isUnknown(outcome) && !hasProblem(outcome.resource, desired))
      .map((outcome) => ({ resource: formatReference(outcome.resource), why: outcome.message })),
    released: releasedFields(outcomes, plan.changes),
    edits: desired.dueEdits.map(({ field, from, order, resource, to }) => ({
      resource: formatReference(resource),
      field: `spec.${field}`,
      from,
      to,
      why: `${formatReference(order)} has put ${to} in the place of ${from}`,
    })),
    undeclared: options.undeclared.filter((ref) => !plan.outcomes.has(resourceKey(ref))).map(formatReference),
  };
}

/**
 * Of a list that is written as a whole, an entry that is no longer named is removed and not released; nor is an empty
 * list that has entries now.
 */
function releasedFields(outcomes: readonly Outcome[], changes: readonly Change[]): PlanReport['released'] {
  const written = Map.groupBy(
    changes.flatMap(({ fields }) => fields.flatMap(({ owners }) => owners)),
    ({ resource }) => resourceKey(resource),
  );
  return outcomes.flatMap(({ released, resource }) => {
    const owners = released.length === 0 ? [] : (written.get(resourceKey(resource)) ?? []);
    const isKept = (field: string) =>
      !owners.some((owner) => field.startsWith(`${owner.field}[`) || owner.field.startsWith(`${field}[`));
    const fields = new Set(released.filter(isKept).map((field) => `spec.${fieldInYaml(field)}`));
    return fields.size === 0 ? [] : [{ resource: formatReference(resource), fields: [...fields] }];
  });
}

/** A list that could not be read, or that there is none, is a verdict of its own; it says nothing of the resource. */
function isUnknown({ reason, verified }: Outcome): boolean {
  return !verified || reason === 'NotRead' || reason === 'Unsupported';
}

function hasProblem(resource: ResourceRef, desired: DesiredAccount): boolean {
  return desired.problems.some((problem) => resourceKey(problem.resource) === resourceKey(resource));
}

function leastMinutes(requests: number, operations: number, limits: PlanReportOptions['limits']): number {
  const byRequests = requests / limits.perMinute;
  const byOperations = (operations * operationSeconds) / 60 / limits.operationsInFlight;
  return Math.ceil(Math.max(byRequests, byOperations) * 10) / 10;
}

function plannedChange(change: Change, options: PlanReportOptions): PlannedChange {
  const held = change.gate && heldBy(change.gate);
  return {
    id: change.id,
    action: change.action,
    object: `${change.type} of ${formatReference(change.resources[0])}`,
    resources: change.resources.map(formatReference),
    risk: change.risk,
    // An invitation is sent, and has no value.
    fields: change.type === 'invitation' ? [] : change.fields.map((field) => plannedField(field, options)),
    ...(held ? { held } : {}),
    ...(change.gate && !held ? { waitsFor: spokenWait(change.gate) } : {}),
    requests: change.requests,
  };
}

function plannedField(change: FieldChange, { nameOf, showValues }: PlanReportOptions): PlannedField {
  const [owner] = change.owners;
  const later = change.field.source !== undefined && !change.secret;
  const known = typeof change.from === 'string' && nameOf(change.from) !== undefined;
  const hidden = change.from !== undefined && !showValues && !known && isPersonal(change.path, change.from);
  const from = change.from === undefined || hidden ? undefined : change.from;
  const to = change.secret || change.field.absent || later ? undefined : change.to;
  const fromName = typeof from === 'string' ? nameOf(from) : undefined;
  const toName = typeof to === 'string' ? nameOf(to) : undefined;
  return {
    resource: formatReference(owner.resource),
    field: `spec.${fieldInYaml(owner.field)}`,
    path: formatPath(change.path),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(fromName === undefined ? {} : { fromName }),
    ...(toName === undefined ? {} : { toName }),
    ...(change.field.afterwards === undefined ? {} : { afterwards: change.field.afterwards }),
    ...(later ? { later: true as const } : {}),
    ...(change.field.absent ? { removed: true as const } : {}),
    ...(change.secret ? { secret: true as const } : {}),
    ...(hidden ? { hidden: true as const } : {}),
    cause: change.cause,
    risk: change.risk,
  };
}

function spokenWait(gate: Gate): string {
  return gate.kind === 'waits' ? gate.message : gate.kind;
}

/** Waiting for something of the same plan is no hold: the same run makes it, in its turn. */
function heldBy(gate: Gate): PlannedChange['held'] {
  switch (gate.kind) {
    case 'waits':
      return gate.reason === 'WaitingForDependency'
        ? undefined
        : { why: gate.message, remedy: 'docs/conditions.md says what each of these waits for' };
    case 'consent': {
      return {
        why: `${gate.needed.change} loses data or interrupts service`,
        remedy: `in ${formatReference(gate.resource)}, ${howToAgree(gate.needed, gate.lack)}`,
      };
    }
    case 'removalGuard':
      return {
        why: 'more is removed, or gone and to be made again, than the account allows in an hour',
        remedy: `look at all of it, then approve exactly this set: --approve-removals ${gate.digest}`,
      };
    case 'driftPolicy':
      return {
        why: 'the account was changed by hand, and the PhoneSystem says driftPolicy: Report',
        remedy: 'take the value over into the YAML, or set driftPolicy: Correct',
      };
    case 'paused':
      return { why: 'it is paused', remedy: 'remove the annotation dialops.dev/paused, or spec.paused' };
  }
}
