import type {
  DriftedField,
  DriftedResource,
  DriftFindings,
  UnknownPart,
} from '../../account/drift/drift-findings.ts';
import type { Authorship } from '../../account/drift/drift-wording.ts';
import { formatPath } from '../../account/objects.ts';
import type { Json } from '../../foundation/json.ts';
import { formatReference } from '../../resources/reference.ts';
import { isPersonal } from '../plan/personal-values.ts';

export const driftReportFormat = 'dialops.dev/drift/v1';

/** What moved in an account; the JSON format of `dialops drift`, described by schemas/drift.schema.json. */
export interface DriftReport {
  readonly format: typeof driftReportFormat;
  readonly phoneSystem: string;
  /** When the account was read, in RFC 3339. */
  readonly time: string;
  readonly summary: DriftSummary;
  /** Drifted and missing resources, by kind and name. */
  readonly resources: readonly ReportedResource[];
  /** What the YAML asks for and was not applied yet: no drift. */
  readonly notApplied: readonly {
    readonly resource: string;
    readonly action: string;
    readonly fields: readonly string[];
  }[];
  /** What the account has and no YAML declares. */
  readonly unmanaged: readonly { readonly type: string; readonly id: string; readonly name?: string }[];
  /** Parts that could not be read or judged: neither drifted nor missing. */
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
  /** What would take the account's values over into the files, as unified diffs. */
  readonly patches: readonly { readonly file: string; readonly diff: string }[];
  /** Fields that `--accept` can't take over, with why. */
  readonly notAcceptable: readonly {
    readonly resource: string;
    readonly field?: string;
    readonly why: string;
  }[];
}

export interface DriftSummary {
  /** Resources that are bound to an object of the account, or were. */
  readonly managed: number;
  readonly drifted: number;
  readonly missing: number;
  readonly unmanaged: number;
  readonly unknown: number;
  readonly notApplied: number;
}

export interface ReportedResource {
  /** `UserProfile jane`. */
  readonly resource: string;
  readonly namespace: string;
  readonly state: 'Drifted' | 'Missing';
  readonly externalId?: string;
  /** Where its YAML begins, when it is from a file. */
  readonly place?: Place;
  readonly fields: readonly ReportedField[];
  readonly author: Authorship;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ReportedField {
  /** As in the YAML, with `spec.`. */
  readonly field: string;
  readonly path: string;
  /** As it was applied; null where nothing is to be there. */
  readonly declared: Json;
  /** Absent where the account has nothing, and where `hidden`. */
  readonly account?: Json;
  /** The account's value is personal and was left out. */
  readonly hidden?: true;
  /** The YAML was changed as well since it was last applied. */
  readonly conflict?: true;
  readonly place?: Place;
}

export interface DriftReportOptions {
  readonly phoneSystem: string;
  /** When the account was read, in milliseconds since the epoch. */
  readonly readAt: number;
  /** Shows personal values that the account holds. */
  readonly showValues: boolean;
  readonly authorOf: (drifted: DriftedResource) => Authorship;
  /** Of a resource, or of a field without `spec.`; undefined where it is from no file. */
  readonly placeOf?: (drifted: DriftedResource, field?: string) => Place | undefined;
  readonly patches?: DriftReport['patches'];
  readonly notAcceptable?: DriftReport['notAcceptable'];
}

export function reportDrift(findings: DriftFindings, options: DriftReportOptions): DriftReport {
  const { drifted, managed, notApplied, unknown, unmanaged } = findings;
  const count = (state: ReportedResource['state']) => drifted.filter((each) => each.state === state).length;
  return {
    format: driftReportFormat,
    phoneSystem: options.phoneSystem,
    time: new Date(options.readAt).toISOString(),
    summary: {
      managed,
      drifted: count('Drifted'),
      missing: count('Missing'),
      unmanaged: unmanaged.length,
      unknown: unknown.length,
      notApplied: notApplied.length,
    },
    resources: drifted.map((resource) => reported(resource, options)),
    notApplied: notApplied.map(({ action, fields, resource }) => ({
      resource: formatReference(resource),
      action,
      fields: fields.map((field) => `spec.${field}`),
    })),
    unmanaged: unmanaged.map(({ id, name, type }) => ({
      type,
      id,
      ...(name === undefined || (!options.showValues && type !== 'extension') ? {} : { name }),
    })),
    unknown: unknown.map(spokenUnknown),
    patches: options.patches ?? [],
    notAcceptable: options.notAcceptable ?? [],
  };
}

/** Does the account differ from what was applied? What is unmanaged, unknown or not applied yet is no drift. */
export function hasDrift({ summary }: Pick<DriftReport, 'summary'>): boolean {
  return summary.drifted + summary.missing > 0;
}

function reported(drifted: DriftedResource, options: DriftReportOptions): ReportedResource {
  const { externalId, fields, resource, state } = drifted;
  const place = options.placeOf?.(drifted);
  return {
    resource: formatReference(resource),
    namespace: resource.namespace,
    state,
    ...(externalId === undefined ? {} : { externalId }),
    ...(place ? { place } : {}),
    fields: fields.map((field) => reportedField(drifted, field, options)),
    author: options.authorOf(drifted),
  };
}

function reportedField(
  drifted: DriftedResource,
  { account, cause, declared, field, path }: DriftedField,
  { placeOf, showValues }: DriftReportOptions,
): ReportedField {
  const hidden = account !== undefined && !showValues && isPersonal(path, account);
  const place = placeOf?.(drifted, field);
  return {
    field: `spec.${field}`,
    path: formatPath(path),
    declared,
    ...(account === undefined || hidden ? {} : { account }),
    ...(hidden ? { hidden: true as const } : {}),
    ...(cause === 'conflict' ? { conflict: true as const } : {}),
    ...(place ? { place } : {}),
  };
}

const typeNames: Readonly<Record<string, string>> = {
  user: 'users',
  extension: 'extensions',
  administrator: 'administrators',
  portingOrder: 'porting orders',
  address: 'addresses',
  extensionSettings: 'extension settings',
  profileSettings: 'profile settings',
  profilePolicy: 'profile policies',
};

/** `users`, `porting orders`: an object type as people call it. */
export function typeName(type: string): string {
  return typeNames[type] ?? `${type.replace(/([A-Z])/g, ' $1').toLowerCase()}s`;
}

/** `1 user`, `2 porting orders`. */
export function counted(count: number, type: string): string {
  const name = typeName(type);
  return `${count} ${count === 1 ? name.slice(0, -1) : name}`;
}

function spokenUnknown({ resource, type, why }: UnknownPart): DriftReport['unknown'][number] {
  const what = resource ? formatReference(resource) : type ? typeName(type) : 'unmanaged objects';
  return { what, why };
}
