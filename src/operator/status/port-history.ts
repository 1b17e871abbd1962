import type { PortingOrderStatus } from '../../resources/generated/porting-order.ts';

type Step = NonNullable<PortingOrderStatus['history']>[number];

/** As many as the definition holds; the oldest go first. */
const mostSteps = 100;

/**
 * What happened so far and what the provider tells now. What was told once stays, though the provider tells less or
 * words it otherwise later; a step is known by its time and phase.
 */
export function appended(before: readonly Step[], told: readonly Step[]): Step[] {
  const known = new Set(before.map(keyOf));
  const news = told.filter((step) => !known.has(keyOf(step)));
  return [...before, ...news].slice(-mostSteps);
}

/** Where nobody tells of steps, a phase that was not there before is one; not to know is none. */
export function stepped(before: readonly Step[], phase: Step['phase'], now: string): Step[] {
  if (phase === 'Unknown') return [...before];
  return before.at(-1)?.phase === phase ? [...before] : appended(before, [{ time: now, phase }]);
}

function keyOf({ phase, time }: Step): string {
  return `${Date.parse(time)} ${phase}`;
}
