import type { Kind } from './kinds.ts';
import { type ReadyReason, readyReasons } from './ready-reasons.ts';

/** Every reason of Ready; the catalogue behind it is in ready-reasons.ts. */
export type ReasonName = keyof typeof readyReasons;

/** A standard Kubernetes condition. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly observedGeneration?: number;
  /** RFC 3339. */
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

export interface ConditionTypeEntry {
  readonly kinds: readonly Kind[];
  readonly meaning: string;
  /** True for a condition that is only there while it is True. */
  readonly onlyWhenTrue: boolean;
  /** Reasons of a condition other than Ready, Reconciling and Stalled. */
  readonly reasons: Readonly<Record<string, OtherReason>>;
}

export interface OtherReason {
  readonly meaning: string;
  /** What a person does about it; empty when nothing is to be done. */
  readonly remedy: string;
}

const account: readonly Kind[] = ['UserProfile', 'Extension', 'PrivilegeGrant', 'PortingOrder'];
const every: readonly Kind[] = ['PhoneSystem', ...account];

/** Every type of condition. */
export const conditionTypes = {
  Ready: {
    kinds: [...every, 'DriftReport'],
    meaning: 'The phone system has accepted all that is declared, and nothing waits on us.',
    onlyWhenTrue: false,
    reasons: {},
  },
  Reconciling: {
    kinds: [...every, 'DriftReport'],
    meaning: 'Not Ready, and it goes on by itself. Its reason and message are those of Ready.',
    onlyWhenTrue: true,
    reasons: {},
  },
  Stalled: {
    kinds: every,
    meaning: 'Not Ready, and a person must act. Its reason and message are those of Ready.',
    onlyWhenTrue: true,
    reasons: {},
  },
  Drifted: {
    kinds: account,
    meaning: 'The account was changed behind the YAML; status.drift says where.',
    onlyWhenTrue: true,
    reasons: {
      ChangedInAccount: {
        meaning: 'Someone changed it, or nobody can say who did.',
        remedy:
          'Under driftPolicy Correct it is put right by itself; else declare the new value, or set that policy.',
      },
      DeletedInAccount: {
        meaning: 'The object was deleted in the account.',
        remedy:
          'Under driftPolicy Correct it is made again by itself; else delete the resource, or set that policy.',
      },
    },
  },
  Paused: {
    kinds: every,
    meaning: 'Nothing is written; all other conditions stay as they were.',
    onlyWhenTrue: true,
    reasons: {
      Annotation: {
        meaning: 'The annotation dialops.dev/paused is "true".',
        remedy: 'Remove the annotation to go on.',
      },
      PhoneSystem: {
        meaning: 'spec.paused of the PhoneSystem is true.',
        remedy: 'Set spec.paused of the PhoneSystem to false to go on.',
      },
    },
  },
  Completed: {
    kinds: ['PortingOrder'],
    meaning: 'The port has ended: every number arrived, or the order was cancelled.',
    onlyWhenTrue: true,
    reasons: {
      Ported: { meaning: 'Every number has arrived.', remedy: '' },
      Cancelled: { meaning: 'The order was cancelled.', remedy: '' },
    },
  },
  FieldsLeftAlone: {
    kinds: ['UserProfile'],
    meaning: 'Some declared fields are not written; status.leftAlone names them.',
    onlyWhenTrue: true,
    reasons: {
      OwnedByDirectory: {
        meaning: 'A SCIM directory owns the user and these fields.',
        remedy: 'Change them there, or take them out.',
      },
    },
  },
} as const satisfies Readonly<Record<string, ConditionTypeEntry>>;

export type ConditionType = keyof typeof conditionTypes;

export function readyReason(reason: ReasonName): ReadyReason {
  return readyReasons[reason];
}

/** Reasons that a condition can have: those of its own in the table, or those of Ready. */
type ReasonOf<T extends ConditionType> = T extends 'Ready' | 'Reconciling' | 'Stalled'
  ? ReasonName
  : keyof (typeof conditionTypes)[T]['reasons'];

interface VerdictOf<T extends ConditionType> {
  readonly type: T;
  readonly status: Condition['status'];
  readonly reason: ReasonOf<T>;
  readonly message: string;
}

/**
 * What a condition shall say; times and generation are added by `nextConditions`. A reason that no table explains does
 * not compile.
 */
export type Verdict = { readonly [T in ConditionType]: VerdictOf<T> }[ConditionType];

/**
 * The conditions that a reason of Ready means: Ready itself, and Reconciling or Stalled beside it. None for
 * `Paused`, which leaves Ready as it was.
 */
export function verdictsOf(reason: ReasonName, message: string): readonly Verdict[] {
  const { ready, progress } = readyReason(reason);
  if (ready === 'Unchanged') return [];
  const verdicts: Verdict[] = [{ type: 'Ready', status: ready, reason, message }];
  if (progress === 'reconciling') verdicts.push({ type: 'Reconciling', status: 'True', reason, message });
  if (progress === 'stalled') verdicts.push({ type: 'Stalled', status: 'True', reason, message });
  return verdicts;
}

/** More than a person reads; some messages list what there is, and what there is may be much. */
const longestMessage = 1_000;

function shortened(message: string): string {
  const characters = message.length <= longestMessage ? [] : [...message];
  if (characters.length <= longestMessage) return message;
  return `${characters.slice(0, longestMessage - 1).join('')}…`;
}

/**
 * The full list for a status: what the verdicts say, and Paused with all earlier conditions when they hold
 * Paused and no Ready. A condition that nobody names any more is dropped. The transition time changes only with
 * the status, so that equal findings give an equal status.
 */
export function nextConditions(
  previous: readonly Condition[],
  verdicts: readonly Verdict[],
  at: { readonly now: string; readonly generation: number },
): readonly Condition[] {
  const before = new Map(previous.map((condition) => [condition.type, condition]));
  const next = verdicts.map((verdict): Condition => {
    const old = before.get(verdict.type);
    const lastTransitionTime = old?.status === verdict.status ? old.lastTransitionTime : at.now;
    return {
      ...verdict,
      message: shortened(verdict.message),
      observedGeneration: at.generation,
      lastTransitionTime,
    };
  });
  const named = new Set<string>(verdicts.map((verdict) => verdict.type));
  if (named.has('Ready')) return next;
  const kept = previous.filter((condition) => !named.has(condition.type) && condition.type !== 'Paused');
  const ready: readonly Condition[] = kept.some((condition) => condition.type === 'Ready')
    ? []
    : [
        {
          type: 'Ready',
          status: 'Unknown',
          reason: 'Paused',
          message: readyReasons.Paused.meaning,
          observedGeneration: at.generation,
          lastTransitionTime: at.now,
        },
      ];
  return [...ready, ...kept, ...next];
}
