import { Coverage } from '../coverage.ts';
import type { ApiOperation } from '../documents.ts';
import { pathBelow } from '../exchange.ts';
import { findRoute } from '../routes.ts';
import { harmlessCalls } from './calls.ts';
import type { Session } from './session.ts';

/** Every declared error status that no request has earned so far, by a fault of the sandbox. */
export async function injectedStatuses(session: Session, operations: readonly ApiOperation[]): Promise<void> {
  const seen = seenSoFar(session, operations);
  for (const operation of operations) {
    for (const status of operation.responses.keys()) {
      if (status < 400 || seen.of(operation).has(status)) continue;
      await answeredWith(session, operation.id, status);
    }
  }
}

/** Statuses that the guides name and the OpenAPI files do not declare: the client has to cope with them. */
export async function undeclaredStatuses(session: Session): Promise<void> {
  // The endpoint takes sites in their other media type only.
  await answeredWith(session, 'createSite', 415);
  await answeredWith(session, 'updateUser', 405);
  await answeredWith(session, 'getUser', 424);
}

async function answeredWith(session: Session, operationId: string, status: number): Promise<void> {
  const call = harmlessCalls[operationId];
  if (!call) throw new Error(`there is no request for the operation ${operationId} in calls.ts`);
  const { method, path, send } = call;
  await session.withFault({ method, path, status }, () => send(session.client, session.options));
}

function seenSoFar(session: Session, operations: readonly ApiOperation[]): Coverage {
  const coverage = new Coverage();
  for (const { request, response, injected } of session.recorder.exchanges) {
    const path = pathBelow(session.endpoint, request.url);
    const route = path === undefined ? undefined : findRoute(operations, request.method, path);
    if (route?.kind === 'matched' && response) coverage.add(route.operation, response.status, injected);
  }
  return coverage;
}
