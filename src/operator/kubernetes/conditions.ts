/** A condition as metav1 defines it. `lastTransitionTime` is RFC 3339 in whole seconds. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

export type WantedCondition = Omit<Condition, 'lastTransitionTime'>;

/**
 * The conditions to store, in the order given. A condition whose status stays keeps its time, whatever becomes of
 * its reason and message: the time is that of the last transition, and a time that moved on its own would make
 * every status differ from the stored one.
 */
export function withTransitionTimes(
  current: readonly Condition[],
  wanted: readonly WantedCondition[],
  now: number,
): Condition[] {
  return wanted.map((condition) => {
    const known = current.find((each) => each.type === condition.type);
    const lastTransitionTime =
      known?.status === condition.status ? known.lastTransitionTime : wholeSeconds(now);
    return { ...condition, lastTransitionTime };
  });
}

function wholeSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
