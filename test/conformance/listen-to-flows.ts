import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { endpoint } from '../flows/support/account.ts';
import { listenToFlows } from '../flows/support/heard.ts';
import { loadDeviations } from './deviations.ts';
import { Distinct } from './distinct.ts';
import { loadAllOperations } from './documents.ts';
import { listening } from './run-test-flows.ts';
import { Tallying } from './tally.ts';

/**
 * Loaded before each file of flows by a conformance run: validates what the file's flows say, as they say it, and leaves
 * the counts in a file for the run.
 */
const { documents, results } = listening(process.env);
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
  const file = basename(expect.getState().testPath ?? '');
  await writeFile(join(results, `${file}.json`), JSON.stringify(tallying.tally));
});
