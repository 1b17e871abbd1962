import type { DesiredField } from '../account/desired.ts';
import type { Change } from '../account/plan.ts';
import { isJsonArray } from '../foundation/json.ts';
import { type ResourceRef, resourceKey } from '../resources/reference.ts';
import { inYaml } from './blame.ts';

interface Place {
  /** Of the web console. */
  readonly section: string;
  /** What a person opens in it. */
  readonly object: string;
}

const places: Readonly<Record<string, Place>> = {
  UserProfile: { section: 'Users', object: 'the user' },
  Extension: { section: 'Extensions', object: 'the extension' },
  PrivilegeGrant: { section: 'Privileges and Administrators', object: 'the administrator' },
  PortingOrder: { section: 'Phone Numbers, Port Numbers', object: 'the order' },
};

/** More fields than this nobody reads in one line. */
const mostNamed = 12;

/**
 * What a person does in the web console for one resource where the endpoint takes no such write. Most values are left
 * to the YAML, which the person has: they may be personal.
 */
export function manualStep(change: Change, fields: readonly DesiredField[], resource: ResourceRef): string {
  const { section, object } = places[resource.kind] ?? { section: 'the section', object: 'the object' };
  const open = `in Admin Console open ${section}`;
  if (change.type === 'invitation') return `${open}, ${object}, and send the welcome email there`;
  switch (change.action) {
    case 'Create': {
      // What somebody made in the console is taken over only where the YAML says so.
      const adopt = resource.kind === 'PrivilegeGrant' ? '' : '; adoptionPolicy: IfUnclaimed takes it over';
      return `${open}, and add it there as the YAML has it${adopt}`;
    }
    case 'Update':
      return `${open}, ${object}, and ${settings(fields, resource)}`;
    case 'Delete':
      return `${open}, ${object}, and delete it there`;
    case 'Submit':
      return `${open}, ${object}, and submit it there`;
    case 'Cancel':
      return `${open}, ${object}, and cancel it there`;
  }
}

function settings(fields: readonly DesiredField[], resource: ResourceRef): string {
  const key = resourceKey(resource);
  const own = (isAbsent: boolean) =>
    listed(
      fields
        .filter(({ absent }) => (absent ?? false) === isAbsent)
        .flatMap((field) =>
          field.owners
            .filter((owner) => resourceKey(owner.resource) === key)
            .map((owner) => `spec.${inYaml(owner.field)}${isAbsent ? '' : shown(field)}`),
        ),
    );
  const [set, taken] = [own(false), own(true)];
  return [
    ...(set === '' ? [] : [`set there as declared: ${set}`]),
    ...(taken === '' ? [] : [`take away there what ${taken} named`]),
  ].join(', and ');
}

/**
 * Of values that say nothing of a person, and that the YAML may have otherwise: what a deletion leaves is another
 * status, and several grants are one list of privileges.
 */
function shown({ path, source, value }: DesiredField): string {
  if (source) return '';
  if (value === null) return ' (none)';
  const last = path.at(-1);
  if (typeof value === 'boolean' || last === 'status') return ` (${String(value)})`;
  if (last === 'privileges' && isJsonArray(value)) return ` (${value.join(', ') || 'none'})`;
  return '';
}

function listed(names: readonly string[]): string {
  const all = [...new Set(names)];
  const more = all.length - mostNamed;
  return more > 0 ? `${all.slice(0, mostNamed).join(', ')} and ${more} more` : all.join(', ');
}
