import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadUnprovoked } from './coverage.ts';
import { checkCitations, loadDeviations } from './deviations.ts';
import { DocumentError, loadPublished, operationsOf } from './documents.ts';
import { runFlows } from './flows.ts';
import { judge, passes } from './judgement.ts';
import { report } from './report.ts';

const ownDocument = new URL('../../src/sandbox/openapi/extensions-v1.yaml', import.meta.url);

/** @returns the exit status: 0 conformance is proven, 1 it is not, 2 the run could not be made */
async function main(folder: string | undefined): Promise<number> {
  if (folder === undefined) {
    throw new DocumentError(
      'Name the folder with the published OpenAPI files: npm run conformance -- DIR\n' +
        'They are in https://github.com/8x8Cloud/public-developer-docs, folder docs_oas/administration.',
    );
  }
  const published = await loadPublished(folder);
  const own = operationsOf('extensions-v1.yaml', await readFile(ownDocument, 'utf8'), false);
  const deviations = await loadDeviations(new URL('deviations.yaml', import.meta.url));
  const rules = await readRules(folder);
  if (rules === undefined) {
    process.stderr.write(
      `${folder} holds no RULES.md: that the deviations cite what it has was NOT checked\n`,
    );
  } else checkCitations(deviations, rules);
  const unprovoked = await loadUnprovoked(new URL('unprovoked.yaml', import.meta.url));
  const operations = [...published, ...own];
  const run = await runFlows(published);
  const judgement = judge({ ...run, operations, deviations, unprovoked });
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

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  if (!(error instanceof DocumentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
