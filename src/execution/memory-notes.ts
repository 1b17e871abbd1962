import { inviteToken, tokenOfField } from '../account/compile/invite-token.ts';
import type { PendingWrite, ResourceMemory } from '../account/memory.ts';
import type { Change, Outcome } from '../account/plan.ts';
import { valueDigest } from '../account/value-digest.ts';
import { isJsonArray, isJsonObject, type JsonObject } from '../foundation/json.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { type ResourceRef, resourceKey } from '../resources/reference.ts';
import type { Remembered, Settled } from './host.ts';
import {
  begunMemory,
  goesBeside,
  type MemoryStore,
  runningMemory,
  settledMemory,
  unclearMemory,
  unsentMemory,
} from './memory-store.ts';

/** Notes in memory that a write is under way, for each resource that it is for. */
export function noteBegun(store: MemoryStore, change: Change, pending: PendingWrite): void {
  for (const resource of change.resources) {
    const key = resourceKey(resource);
    const reserved = seatsOf(change, key);
    store.update(
      key,
      (memory) => ({ ...begunMemory(memory, pending), ...(reserved.length > 0 ? { reserved } : {}) }),
      resource.uid,
    );
  }
}

/** Takes back what `noteBegun` has noted of a write that was not sent. */
export function noteUnsent(store: MemoryStore, change: Change): void {
  const { naturalKey, type: objectType } = change;
  for (const resource of change.resources) {
    store.update(
      resourceKey(resource),
      (memory) => (goesBeside(memory.pending, { objectType, naturalKey }) ? memory : unsentMemory(memory)),
      resource.uid,
    );
  }
}

function seatsOf(change: Change, key: string): string[] {
  return change.fields.flatMap(({ field, owners }) =>
    typeof field.value === 'string' &&
    owners.some((owner) => owner.field === 'license' && resourceKey(owner.resource) === key)
      ? [field.value]
      : [],
  );
}

/** Notes the end of a change: identities that it gave, one-shot requests that it answered. */
export function noteSettled(
  store: MemoryStore,
  change: Change,
  result: Settled,
  find: (ref: ResourceRef) => AccountResource | undefined,
): void {
  for (const ref of change.resources) {
    const key = resourceKey(ref);
    const resource = find(ref);
    const own = result.failures.filter((failure) => resourceKey(failure.resource) === key);
    const failed = own.length > 0;
    const settle = (memory: ResourceMemory): ResourceMemory => {
      const isOther = goesBeside(memory.pending, { objectType: change.type, naturalKey: change.naturalKey });
      const end = (how: (known: ResourceMemory) => ResourceMemory) => (isOther ? memory : how(memory));
      if (own.some(({ running }) => running)) return end(runningMemory);
      // An earlier attempt may have been carried out, and be why this one was refused.
      const mayShow =
        (memory.pending?.attempt ?? 1) > 1 || own.some(({ reason }) => reason === 'Unconfirmed');
      if (failed && mayShow) return end(unclearMemory);
      if (failed || !resource) return end(settledMemory);
      const externalId = identityOf(change, resource, result);
      // What it added does not show yet, or was there when it was to be sent again: a later plan binds it.
      const next = end(externalId === undefined ? unclearMemory : settledMemory);
      const handled = { ...handledBefore(next, change, resource), ...handledBy(change, resource) };
      const applied = { ...next.applied, ...appliedBy(change, key) };
      return { ...next, applied, handled, ...(externalId === undefined ? {} : { externalId }) };
    };
    store.update(key, settle, ref.uid);
  }
}

/** Notes what was uploaded or registered for a resource. */
export function noteMade(store: MemoryStore, { resource, key, value }: Remembered): void {
  const remember = (memory: ResourceMemory) => ({ ...memory, handled: { ...memory.handled, [key]: value } });
  store.update(resourceKey(resource), remember, resource.uid);
}

function identityOf(change: Change, resource: AccountResource, result: Settled): string | undefined {
  const { object } = result;
  if (!object) return undefined;
  if (resource.kind === 'UserProfile') return change.type === 'user' ? object.id : undefined;
  if (resource.kind === 'PrivilegeGrant') return change.type === 'administrator' ? object.id : undefined;
  if (resource.kind === 'PortingOrder') return change.type === 'portingOrder' ? object.id : undefined;
  if (change.type === 'extension') return object.id;
  return change.type === 'user' ? extensionId(object.body, resource.spec.number) : undefined;
}

function extensionId(user: JsonObject, number: string): string | undefined {
  const service = user.serviceInfo;
  const extensions = isJsonObject(service) && isJsonArray(service.extensions) ? service.extensions : [];
  const own = extensions.find((extension) => isJsonObject(extension) && extension.extensionNumber === number);
  return isJsonObject(own) && typeof own.id === 'string' ? own.id : undefined;
}

/** What was written counts as applied at once; of a write-only value nothing else ever tells. */
function appliedBy(change: Change, key: string): Record<string, string> {
  const applied: Record<string, string> = {};
  for (const { field, owners } of change.fields) {
    for (const owner of owners) {
      if (resourceKey(owner.resource) === key) applied[owner.field] = valueDigest(field);
    }
  }
  return applied;
}

/** Another user, in the place of one that is gone, has not been invited. */
function handledBefore(
  { handled }: ResourceMemory,
  change: Change,
  { kind }: AccountResource,
): ResourceMemory['handled'] {
  if (kind !== 'UserProfile' || change.type !== 'user' || change.action !== 'Create') return handled;
  const { invited: _invited, ...others } = handled;
  return others;
}

function handledBy(change: Change, resource: AccountResource): Record<string, string> {
  if (resource.kind !== 'UserProfile') return {};
  if (change.type === 'user' && change.action === 'Create') return { created: 'true' };
  if (change.type !== 'invitation') return {};
  // The token that was answered, which may not be the latest; of a resumed change nothing else is known.
  const field = change.fields[0]?.owners[0].field;
  const token = field === undefined ? inviteToken(resource) : tokenOfField(field);
  return { invited: 'true', ...(token === undefined ? {} : { invite: token }) };
}

/** Takes over what a plan found applied. */
export function noteOutcome(store: MemoryStore, outcome: Outcome): void {
  const key = resourceKey(outcome.resource);
  const known = store.get(key);
  const sameId = outcome.externalId === undefined || outcome.externalId === known.externalId;
  if (sameId && (known.applied === outcome.applied || sameRecord(known.applied, outcome.applied))) return;
  store.update(key, (memory) => ({
    // It was found: what was unclear about how it was made is not any more.
    ...(memory.unclear && memory.externalId === undefined && outcome.externalId !== undefined
      ? settledMemory(memory)
      : memory),
    applied: outcome.applied,
    ...(outcome.externalId === undefined ? {} : { externalId: outcome.externalId }),
  }));
}

function sameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
