import { type AccountPolicy, defaultPolicy } from '../account/compile/input.ts';
import { defaultAllowance } from '../account/removal-guard.ts';
import { publishedRequestLimits, type RequestLimits } from '../phonesystem/budget.ts';
import { pausedAnnotation } from '../resources/annotations.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import { parseDuration } from './duration.ts';

/** Fields of a PhoneSystem with their defaults filled in. */
export interface PhoneSystemSettings {
  readonly limits: RequestLimits;
  readonly operationsInFlight: number;
  readonly sync: { readonly incrementalMs: number; readonly fullMs: number };
  readonly driftPolicy: 'Correct' | 'Report';
  readonly policy: AccountPolicy;
  readonly removalGuard: { readonly maxCount: number; readonly maxPercent: number };
}

export function settingsOf(phoneSystem: PhoneSystem): PhoneSystemSettings {
  const { spec, metadata } = phoneSystem;
  const cap = spec.privilegeCap;
  return {
    limits: {
      perMinute: spec.limits?.requestsPerMinute ?? publishedRequestLimits.perMinute,
      burst: {
        requests: spec.limits?.burstRequests ?? publishedRequestLimits.burst.requests,
        perMs:
          spec.limits?.burstSeconds === undefined
            ? publishedRequestLimits.burst.perMs
            : spec.limits.burstSeconds * 1_000,
      },
    },
    operationsInFlight: spec.limits?.operationsInFlight ?? 10,
    sync: {
      incrementalMs: interval(spec.sync?.incremental, 60_000),
      fullMs: interval(spec.sync?.full, 15 * 60_000),
    },
    driftPolicy: spec.driftPolicy ?? 'Correct',
    policy: {
      paused: spec.paused === true || metadata.annotations?.[pausedAnnotation] === 'true',
      deletionPolicy: spec.deletionPolicy ?? defaultPolicy.deletionPolicy,
      userNameMaxLength: spec.userNameMaxLength ?? defaultPolicy.userNameMaxLength,
      invitationsPerHour: spec.invitationsPerHour ?? defaultPolicy.invitationsPerHour,
      ...(cap ? { privilegeCap: cap } : {}),
    },
    removalGuard: {
      maxCount: spec.removalGuard?.maxCount ?? defaultAllowance.maxCount,
      maxPercent: spec.removalGuard?.maxPercent ?? defaultAllowance.maxPercent,
    },
  };
}

function interval(text: string | undefined, fallback: number): number {
  const parsed = text === undefined ? undefined : parseDuration(text);
  return parsed === undefined || parsed <= 0 ? fallback : parsed;
}
