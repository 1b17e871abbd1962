import type { ApiOperation } from './documents.ts';
import type { Exchange } from './exchange.ts';
import { injectedStatuses, undeclaredStatuses } from './flows/injected.ts';
import { lifecycle } from './flows/lifecycle.ts';
import { refusals } from './flows/refusals.ts';
import { Session } from './flows/session.ts';

export interface Run {
  /** Address that stands for the server of the documents. */
  readonly baseUrl: string;
  readonly exchanges: readonly Exchange[];
}

/**
 * Drives the real client against a sandbox of its own, over loopback, and returns all that was said: what the engine does
 * is heard in the flows of test/flows.
 */
export async function runFlows(published: readonly ApiOperation[]): Promise<Run> {
  const session = await Session.start();
  try {
    await lifecycle(session);
    await refusals(session);
    await injectedStatuses(session, published);
    await undeclaredStatuses(session);
    return { baseUrl: session.endpoint, exchanges: session.recorder.exchanges };
  } finally {
    await session.close();
  }
}
