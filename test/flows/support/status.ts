import { RingGroupMembers } from '../../../src/account/ring-group-members.ts';
import { seenExtensions } from '../../../src/account/seen-extensions.ts';
import type { StoredResource } from '../../../src/operator/kinds.ts';
import { statusOf } from '../../../src/operator/status/status-of.ts';
import type { AccountResource } from '../../../src/resources/kinds.ts';
import { referenceTo, resourceKey } from '../../../src/resources/reference.ts';
import type { Flow } from './account.ts';

type StatusOf<R extends AccountResource> = NonNullable<R['status']>;

/** The status that the operator would show after the last round. */
export function statusIn<R extends AccountResource>(run: Flow, resource: R): StatusOf<R>;
export function statusIn(run: Flow, resource: AccountResource): StatusOf<AccountResource> {
  const current = run.resources.find(
    ({ kind, metadata }) => kind === resource.kind && metadata.name === resource.metadata.name,
  );
  const key = resourceKey(referenceTo(resource));
  const outcome = run.plan?.outcomes.get(key);
  if (!current || !outcome || !run.desired) throw new Error(`${key} is not in the last plan`);
  const { view } = run.loop;
  return statusOf(
    stored(current),
    {
      resource: current,
      outcome,
      desired: run.desired,
      observed: view,
      now: new Date(run.clock.now()).toISOString(),
    },
    { extensions: seenExtensions(view), ringGroups: new RingGroupMembers(view) },
  );
}

function stored(resource: AccountResource): StoredResource {
  const { metadata } = resource;
  const identity = { ...metadata, uid: metadata.uid ?? 'uid', resourceVersion: '1' };
  switch (resource.kind) {
    case 'UserProfile':
      return { ...resource, metadata: identity };
    case 'Extension':
      return { ...resource, metadata: identity };
    case 'PrivilegeGrant':
      return { ...resource, metadata: identity };
    case 'PortingOrder':
      return { ...resource, metadata: identity };
  }
}
