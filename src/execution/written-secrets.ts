import { isRevision, type SecretKeyRef } from '../account/desired.ts';
import type { ResourceMemory } from '../account/memory.ts';
import type { AccountResource } from '../resources/kinds.ts';

/** A Secret's key whose value the phone system holds, or may hold, for a resource. */
export interface WrittenSecret {
  readonly secret: SecretKeyRef;
  /** What the Secret holds now is what was written last. */
  readonly current: boolean;
}

/**
 * The Secrets behind a resource's write-only values.
 *
 * @param revision of a Secret's key as it is now
 */
export function writtenSecrets(
  resource: AccountResource | undefined,
  memory: ResourceMemory,
  revision: (secret: SecretKeyRef) => string | null | undefined,
): readonly WrittenSecret[] {
  if (resource?.kind !== 'PortingOrder') return [];
  const { accountNumberSecretRef, pinSecretRef } = resource.spec.losingCarrier ?? {};
  const fields = { accountNumberSecretRef, pinSecretRef };
  return Object.entries(fields).flatMap(([name, secret]) => {
    if (!secret) return [];
    const [mark, now] = [memory.applied[`losingCarrier.${name}`], revision(secret)];
    const known = typeof mark === 'string' && typeof now === 'string';
    return [{ secret, current: known && isRevision(mark, now) }];
  });
}
