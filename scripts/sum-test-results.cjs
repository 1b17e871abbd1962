/**
 * Prints "N passed, N failed" for the vitest reports (*.json) in a folder, and exits with 1 unless something
 * passed and nothing failed. Plain CommonJS: it has to say so on whatever Node there is.
 *
 *   node scripts/sum-test-results.cjs FOLDER [NAME OF A FAILED STEP]…
 *
 * A failed step counts as one failure, except that the step "test" counts by its tests, where there are failing
 * ones (a crash, or a file that could not be loaded, has none). So the line never says "0 failed" about a run
 * that failed.
 */
'use strict';

const fs = require('fs');
const path = require('path');

const [folder, ...failedSteps] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let reports = 0;

for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const report = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  reports += 1;
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  const skipped = report.numPendingTests + (report.numTodoTests || 0);
  if (skipped > 0) {
    console.log(`${skipped} skipped tests count as failed: no test skips itself`);
    failed += skipped;
  }
}
if (reports === 0) console.log('no test has run');
failed += failedSteps.filter((name) => name !== 'test' || failed === 0).length;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
