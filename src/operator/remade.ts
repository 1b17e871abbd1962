import type { Plan } from '../account/plan.ts';
import { resourceKey } from '../resources/reference.ts';

/** Keys of resources whose object was deleted in the account and is created again. */
export function remadeBy(plan: Plan): ReadonlySet<string> {
  const creates = plan.changes.filter(({ action }) => action === 'Create');
  const again = creates.filter(({ fields }) => fields.some(({ cause }) => cause === 'drift'));
  return new Set(again.map(({ resources: [first] }) => resourceKey(first)));
}
