import type { DriftedResource, DriftFindings } from '../../account/drift/drift-findings.ts';
import { type Authorship, driftSummary } from '../../account/drift/drift-wording.ts';
import { formatPath } from '../../account/objects.ts';
import { type Condition, nextConditions, verdictsOf } from '../../resources/conditions.ts';
import type { DriftReportStatus } from '../../resources/generated/drift-report.ts';

export interface DriftReportFacts {
  readonly findings: DriftFindings;
  readonly authorOf: (drifted: DriftedResource) => Authorship;
  /** The time now, in RFC 3339. */
  readonly now: string;
  readonly generation: number;
}

const mostResources = 200;
const mostPaths = 20;
const mostHistory = 50;

/** In characters of JSON: etcd takes an object of 1.5 MiB, and there is more in a report than its entries. */
const mostText = 512 * 1024;

type Entry = NonNullable<DriftReportStatus['resources']>[number];

/** The status of a DriftReport. The same findings give the same status, whenever they are found again. */
export function driftReportStatus(
  before: DriftReportStatus | undefined,
  { authorOf, findings, generation, now }: DriftReportFacts,
): DriftReportStatus {
  const known = new Map((before?.resources ?? []).map((entry) => [keyOf(entry), entry]));
  const entries = withinSize(
    findings.drifted
      .slice(0, mostResources)
      .map((drifted) => entryOf(drifted, known.get(keyOf({ ...drifted.resource })), authorOf(drifted), now)),
  );
  const unknown = findings.unknown.flatMap(({ type, why }) => (type ? [{ type, reason: why }] : []));
  const count = (state: DriftedResource['state']) =>
    findings.drifted.filter((drifted) => drifted.state === state).length;
  const summary = {
    managed: findings.managed,
    drifted: count('Drifted'),
    missing: count('Missing'),
    unmanaged: findings.unmanaged.length,
    unknown: unknown.length,
  };
  const still = new Set(findings.drifted.map(({ resource }) => keyOf(resource)));
  const truncated = findings.drifted.length - entries.length;
  const history = historyOf(before, summary, {
    now,
    corrected: [...known.keys()].filter((key) => !still.has(key)).length,
  });
  const previous: readonly Condition[] = before?.conditions ?? [];
  const verdicts = verdictsOf(unknown.length > 0 ? 'PartlyRead' : 'Reported', driftSummary(summary));
  return {
    observedGeneration: generation,
    conditions: nextConditions(previous, verdicts, { now, generation }).map((condition) => ({
      ...condition,
    })),
    summary,
    ...(entries.length > 0 ? { resources: [...entries] } : {}),
    ...(findings.unmanaged.length > 0 ? { unmanaged: unmanagedCounts(findings) } : {}),
    ...(unknown.length > 0 ? { unknown } : {}),
    ...(truncated > 0 ? { truncated } : {}),
    ...(history.length > 0 ? { history } : {}),
  };
}

function withinSize(entries: readonly Entry[]): readonly Entry[] {
  let size = 0;
  const end = entries.findIndex((entry) => {
    size += JSON.stringify(entry).length;
    return size > mostText;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

function keyOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${name}`;
}

function entryOf(
  { externalId, fields, resource, state }: DriftedResource,
  before: Entry | undefined,
  authorship: Authorship,
  now: string,
): Entry {
  const paths = fields
    .slice(0, mostPaths)
    .map(({ field, path }) => ({ path: formatPath(path), owner: `spec.${field}` }));
  const same = before?.state === state && samePaths(before.paths ?? [], paths);
  return {
    kind: resource.kind,
    name: resource.name,
    ...(externalId === undefined ? {} : { externalId }),
    state,
    ...(paths.length > 0 ? { paths } : {}),
    since: before?.state === state ? before.since : now,
    ...authorOf(authorship, same ? before : undefined),
  };
}

function samePaths(
  a: readonly { readonly path: string }[],
  b: readonly { readonly path: string }[],
): boolean {
  return a.length === b.length && a.every(({ path }, index) => path === b[index]?.path);
}

/** Who was known once is not forgotten with the records that a restart no longer reads. */
function authorOf(
  authorship: Authorship,
  before: Entry | undefined,
): Pick<Entry, 'author' | 'changedAt' | 'changedBy'> {
  if (authorship.state === 'Known') {
    return { changedBy: authorship.actor, changedAt: authorship.at, author: 'Known' };
  }
  if (before?.author === 'Known' && before.changedBy !== undefined && before.changedAt !== undefined) {
    return { changedBy: before.changedBy, changedAt: before.changedAt, author: 'Known' };
  }
  return { author: authorship.state };
}

function unmanagedCounts({ unmanaged }: DriftFindings) {
  return [...Map.groupBy(unmanaged, ({ type }) => type)].map(([type, objects]) => ({
    type,
    count: objects.length,
  }));
}

/** A new entry only when the counts of drift change. */
function historyOf(
  before: DriftReportStatus | undefined,
  { drifted, missing }: { readonly drifted: number; readonly missing: number },
  { corrected, now }: { readonly corrected: number; readonly now: string },
) {
  const history = before?.history ?? [];
  const last = history.at(-1) ?? { drifted: 0, missing: 0 };
  if (last.drifted === drifted && last.missing === missing) return history;
  return [...history, { time: now, drifted, missing, ...(corrected > 0 ? { corrected } : {}) }].slice(
    -mostHistory,
  );
}
