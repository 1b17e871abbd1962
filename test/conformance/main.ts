import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadUnprovoked } from './coverage.ts';
import { checkCitations, loadDeviations } from './deviations.ts';
import { DocumentError, loadAllOperations } from './documents.ts';
import { runFlows } from './flows.ts';
import { judge, passes } from './judgement.ts';
import { loadNotByFlows } from './not-by-flows.ts';
import { report } from './report.ts';
import { heardFlows, runTestFlows } from './run-test-flows.ts';
import { Tallying } from './tally.ts';

/** @returns the exit status: 0 conformance is proven, 1 it is not, 2 the run could not be made */
async function main(folder: string | undefined, heardIn: string | undefined): Promise<number> {
  if (folder === undefined) {
    throw new DocumentError(
      'Name the folder with the published OpenAPI files: npm run conformance -- DIR\n' +
        'They are in https://github.com/8x8Cloud/public-developer-docs, folder docs_oas/administration.',
    );
  }
  const operations = await loadAllOperations(folder);
  const deviations = await loadDeviations(new URL('deviations.yaml', import.meta.url));
  const rules = await readRules(folder);
  if (rules === undefined) {
    process.stderr.write(
      `${folder} holds no RULES.md: that the deviations cite what it has was NOT checked\n`,
    );
  } else checkCitations(deviations, rules);
  const unprovoked = await loadUnprovoked(new URL('unprovoked.yaml', import.meta.url));
  const notByFlows = await loadNotByFlows(new URL('not-by-flows.yaml', import.meta.url));
  const published = operations.filter((operation) => operation.published);
  const run = await runFlows(published);
  const heard = new Tallying(run.baseUrl, operations, deviations);
  const tallies = heardIn === undefined ? runTestFlows(resolve(folder)) : heardFlows(heardIn);
  for (const tally of await tallies) heard.add(tally);
  const flows = heard.tally;
  const judgement = judge({ ...run, operations, deviations, unprovoked, flows, notByFlows });
  const passed = passes(judgement);
  process.stdout.write(`${report(judgement, operations, unprovoked)}\n`);
  process.stdout.write(passed ? 'conformance: passed\n' : 'conformance: FAILED\n');
  return passed ? 0 : 1;
}

/** The digest that deviations cite; the published files come without it. */
async function readRules(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, 'RULES.md'), 'utf8');
  } catch {
    return undefined;
  }
}

function commandLine() {
  try {
    return parseArgs({ options: { heard: { type: 'string' } }, allowPositionals: true });
  } catch (error) {
    throw new DocumentError(
      `${error instanceof Error ? error.message : String(error)}\nnpm run conformance -- DIR [--heard RESULTS]`,
    );
  }
}

try {
  const { positionals, values } = commandLine();
  process.exitCode = await main(positionals[0], values.heard);
} catch (error) {
  if (!(error instanceof DocumentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
