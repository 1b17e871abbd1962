import { basename } from 'node:path';
import { expect } from 'vitest';
import { listenToFlows } from '../flows/support/heard.ts';
import { flowFiles, listening } from './run-test-flows.ts';

/* Loaded before each file of flows by a conformance run. Files of the built command need not wait for the documents. */
const file = basename(expect.getState().testPath ?? '');
if ((await flowFiles()).includes(file)) {
  const { listenTo } = await import('./flow-listener.ts');
  await listenTo(file, listening(process.env));
} else {
  listenToFlows(() => {
    throw new Error(`Conformance does not know that ${file} has flows: see inProcess in run-test-flows.ts`);
  });
}
