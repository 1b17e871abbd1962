import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { endpoint } from '../flows/support/account.ts';
import { listenToFlows } from '../flows/support/heard.ts';
import { loadDeviations } from './deviations.ts';
import { Distinct } from './distinct.ts';
import { loadAllOperations } from './documents.ts';
import type { Listening } from './run-test-flows.ts';
import { Tallying } from './tally.ts';

/** Validates what the flows of a file say, as they say it, and leaves the counts in a file for the conformance run. */
export async function listenTo(file: string, { documents, results }: Listening): Promise<void> {
  const tallying = new Tallying(
    endpoint,
    await loadAllOperations(documents),
    await loadDeviations(new URL('deviations.yaml', import.meta.url)),
  );
  const distinct = new Distinct();
  listenToFlows((exchange) => {
    // No document of the audit API is published.
    if (exchange.request.url.startsWith(`${new URL(endpoint).origin}/administration/audit/`)) return;
    if (distinct.isNew(exchange)) tallying.hear(exchange);
  });
  afterAll(async () => {
    await writeFile(join(results, `${file}.json`), JSON.stringify(tallying.tally));
  });
}
