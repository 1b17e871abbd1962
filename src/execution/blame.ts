import type { DesiredField } from '../account/desired.ts';
import { formatPath } from '../account/objects.ts';
import { resourceKey } from '../resources/reference.ts';
import type { Failure } from './host.ts';

export interface NamedError {
  readonly field?: string;
  readonly code?: string;
  readonly message?: string;
}

/** `serviceInfo.extensions[0].extensionNumber` and `serviceInfo.extensions[id=x].extensionNumber` name one thing. */
function withoutSelectors(path: string): string {
  return path.replace(/\[[^\]]*\]/g, '').toLowerCase();
}

/** The fields that a refusal names. A named parent blames everything below it. */
export function fieldsNamed(fields: readonly DesiredField[], errors: readonly NamedError[]): DesiredField[] {
  const names = errors.flatMap((error) => (error.field ? [withoutSelectors(error.field)] : []));
  const named = fields.filter((field) => {
    const path = withoutSelectors(formatPath(field.path));
    return names.some((name) => path === name || path.startsWith(`${name}.`) || path.endsWith(`.${name}`));
  });
  // One field of the YAML may be several on the wire, of which one alone makes no sense: a seat and who sits there.
  const declared = new Set(named.flatMap(declaredBy));
  return fields.filter(
    (field) => named.includes(field) || declaredBy(field).some((key) => declared.has(key)),
  );
}

function declaredBy({ owners }: DesiredField): string[] {
  return owners.map(({ resource, field }) => `${resourceKey(resource)} ${inYaml(field)}`);
}

/** The field as the YAML has it: one with several places on the wire marks the others as `field#part`. */
export function inYaml(field: string): string {
  return field.replace(/#.*$/, '');
}

/** One failure a resource and field, with what the phone system said of it. */
export function failuresOf(
  fields: readonly DesiredField[],
  errors: readonly NamedError[],
  base: Pick<Failure, 'reason' | 'message' | 'permanent'>,
): Failure[] {
  const failures = new Map<string, Failure>();
  for (const field of fields) {
    const said = errors.find((error) => fieldsNamed([field], [error]).length > 0);
    for (const owner of field.owners) {
      const key = `${resourceKey(owner.resource)} ${said ? owner.field : ''}`;
      failures.set(key, {
        ...base,
        resource: owner.resource,
        ...(said ? { field: inYaml(owner.field) } : {}),
        message: said?.message ?? base.message,
      });
    }
  }
  return [...failures.values()];
}

/** Halves the resources behind some fields, for finding out whose values a nameless refusal means. */
export function halves(fields: readonly DesiredField[]): [DesiredField[], DesiredField[]] | undefined {
  const keys = [...new Set(fields.map((field) => resourceKey(field.owners[0].resource)))];
  if (keys.length < 2) return undefined;
  const first = new Set(keys.slice(0, Math.ceil(keys.length / 2)));
  return [
    fields.filter((field) => first.has(resourceKey(field.owners[0].resource))),
    fields.filter((field) => !first.has(resourceKey(field.owners[0].resource))),
  ];
}
