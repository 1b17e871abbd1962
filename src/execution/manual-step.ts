import type { DesiredField } from '../account/desired.ts';
import type { Change } from '../account/plan.ts';
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
 * What a person does in the web console for one resource where the endpoint takes no such write. Values are left to
 * the YAML, which the person has: they may be personal.
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
  const names = (isAbsent: boolean) => {
    const own = fields
      .filter(({ absent }) => (absent ?? false) === isAbsent)
      .flatMap(({ owners }) => owners.filter((owner) => resourceKey(owner.resource) === key));
    return listed(own.map(({ field }) => `spec.${inYaml(field)}`));
  };
  const [set, taken] = [names(false), names(true)];
  return [
    ...(set === '' ? [] : [`set there what the YAML has in ${set}`]),
    ...(taken === '' ? [] : [`take away there what ${taken} named`]),
  ].join(', and ');
}

function listed(names: readonly string[]): string {
  const all = [...new Set(names)];
  const more = all.length - mostNamed;
  return more > 0 ? `${all.slice(0, mostNamed).join(', ')} and ${more} more` : all.join(', ');
}
