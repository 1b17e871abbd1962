import { formatReference, resourceKey } from '../../resources/reference.ts';
import { sameValue } from '../compare.ts';
import type { DesiredField, Owner, Problem } from '../desired.ts';
import { fieldInYaml } from '../field-in-yaml.ts';
import { type Memory, noMemory } from '../memory.ts';
import { formatPath, type WirePath } from '../objects.ts';
import { valueDigest } from '../value-digest.ts';

/**
 * Makes the fields that several resources declare on one object into one a path. Equal values are one value of
 * several owners. Of different ones only that is kept which was applied before; where none was, none is.
 */
export function mergeFields(
  fields: readonly DesiredField[],
  memory: Memory,
  report: (problem: Problem) => void,
): readonly DesiredField[] {
  const byPath = new Map<string, DesiredField[]>();
  const shared = fields.filter(({ path }) => !isInsideExtension(path));
  for (const field of shared) {
    const path = formatPath(field.path);
    const list = byPath.get(path);
    if (list) list.push(field);
    else byPath.set(path, [field]);
  }
  if (byPath.size === shared.length) return fields;
  const lost = new Set<string>();
  const settled = [...byPath.values()].flatMap(
    (same) =>
      settle(same, memory, (problem) => {
        lost.add(`${resourceKey(problem.resource)} ${problem.field}`);
        report(problem);
      }) ?? [],
  );
  // A field of the YAML that is several on the wire is written in all its places or in none.
  const isLost = ({ owners }: DesiredField) =>
    owners.some(({ resource, field }) => lost.has(`${resourceKey(resource)} ${fieldInYaml(field)}`));
  const inside = fields.filter(({ path }) => isInsideExtension(path));
  return [...settled, ...(lost.size === 0 ? inside : inside.filter((field) => !isLost(field)))];
}

/** An extension is one resource's: nobody else declares anything inside it. */
function isInsideExtension([first, second, third]: WirePath): boolean {
  return first === 'serviceInfo' && second === 'extensions' && typeof third === 'object';
}

function settle(
  fields: readonly DesiredField[],
  memory: Memory,
  report: (problem: Problem) => void,
): DesiredField | undefined {
  const [first, ...others] = fields;
  if (!first || others.length === 0) return first;
  if (others.every((other) => agree(first, other))) {
    const [owner, ...rest] = first.owners;
    return { ...first, owners: [owner, ...rest, ...others.flatMap(({ owners }) => owners)] };
  }
  const applied = fields.filter((field) => wasApplied(field, memory));
  const kept = applied.length === 1 ? applied[0] : undefined;
  for (const field of fields) {
    if (field === kept) continue;
    const rival = kept ?? fields.find((other) => other !== field && !agree(other, field)) ?? first;
    for (const owner of field.owners) report(conflict(owner, rival.owners[0]));
  }
  return kept;
}

function agree(a: DesiredField, b: DesiredField): boolean {
  if (a.absent !== b.absent || a.source || b.source) return false;
  return a.comparison === b.comparison && sameValue(a.value, b.value, a.comparison);
}

function wasApplied(field: DesiredField, memory: Memory): boolean {
  const digest = valueDigest(field);
  return field.owners.some(
    (owner) => (memory.get(resourceKey(owner.resource)) ?? noMemory).applied[owner.field] === digest,
  );
}

function conflict(owner: Owner, rival: Owner): Problem {
  return {
    resource: owner.resource,
    field: fieldInYaml(owner.field),
    reason: 'Conflict',
    message: `spec.${fieldInYaml(rival.field)} of ${formatReference(rival.resource)} declares another value of the same; declare it in one place`,
    scope: 'field',
  };
}
