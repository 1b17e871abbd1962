import type { JsonObject } from '../../foundation/json.ts';
import type { PrivilegeGrant } from '../../resources/generated/privilege-grant.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { digest } from '../digest.ts';
import type { Plan } from '../plan.ts';
import { bound, memories, remembers } from './engine.ts';
import { observedAccount, userBody } from './observed.ts';
import { grant, profile } from './resources.ts';

/** Privileges by section. */
export type Given = Readonly<Record<string, readonly string[]>>;

export const jane = profile('jane');
export const holdAll = { maxCount: 0, maxPercent: 0 };

export function sectionsOf(given: Given) {
  return Object.entries(given).map(([name, privileges]) => ({ name, privileges: [...privileges] }));
}

/** A grant to Jane. */
export function named(
  name: string,
  given: Given,
  more: Partial<PrivilegeGrant['spec']> = {},
): PrivilegeGrant {
  const made = grant('jane', { pbxes: ['*'], sections: sectionsOf(given), ...more });
  return { ...made, metadata: { ...made.metadata, name } };
}

/** Jane's account with these sections on each PBX. */
export function having(scopes: Readonly<Record<string, Given>>, more: JsonObject = {}) {
  const administrator: JsonObject = {
    userId: 'id-jane',
    primary: false,
    ...more,
    scopes: Object.entries(scopes).map(([pbxName, given]) => ({ pbxName, sections: sectionsOf(given) })),
  };
  return observedAccount({ user: [userBody('jane')], administrator: [administrator] }, { rows: 'single' });
}

/** What grants remember when each was found in effect as it is. */
export function inEffect(...parts: readonly (readonly [AccountResource, Given])[]) {
  const grants = parts.map(([resource, given]) =>
    remembers(resource, {
      externalId: 'id-jane',
      applied: Object.fromEntries(
        Object.entries(given).map(([place, privileges]) => [`sections[${place}]`, digest([...privileges])]),
      ),
    }),
  );
  return memories(bound(jane, 'id-jane'), ...grants);
}

/** `path: value` of each field that a plan changes, and what holds it. */
export function written(plan: Plan) {
  return plan.changes.flatMap(({ gate, fields }) =>
    fields.map(({ path, to }) => {
      const place = path.flatMap((segment) => (typeof segment === 'string' ? [] : [segment.is]));
      return [place.reverse().join('@'), to, ...(gate ? [gate.kind] : [])];
    }),
  );
}
