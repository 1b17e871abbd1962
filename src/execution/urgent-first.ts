import type { Plan } from '../account/plan.ts';
import { resourceKey } from '../resources/reference.ts';

/** People's edits first; within both parts the plan's own order. */
export function urgentFirst(plan: Plan, urgent: ReadonlySet<string>): Plan {
  if (urgent.size === 0) return plan;
  const isUrgent = (change: Plan['changes'][number]) =>
    change.resources.some((resource) => urgent.has(resourceKey(resource)));
  return {
    ...plan,
    changes: [...plan.changes.filter(isUrgent), ...plan.changes.filter((change) => !isUrgent(change))],
  };
}
