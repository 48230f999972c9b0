/**
 * Adds up what the stages of .ci/run gave: node count-results.mjs STAGE:EXIT_CODE[:VITEST_JSON] …
 * A stage that failed without a failed test (it crashed, or never wrote its results) counts as one
 * failed test, and so does a test file that could not be loaded. Nothing may be skipped here: a
 * skipped test counts as failed.
 */
import { readFileSync } from "node:fs";

export function countStage({ name, exitCode, resultsText }) {
  const results = resultsText === undefined ? undefined : parseResults(resultsText);
  let passed = 0;
  let failed = 0;
  const notes = [];
  for (const file of results?.testResults ?? []) {
    if (file.assertionResults.length === 0 && file.status === "failed") {
      failed += 1;
      notes.push(`${file.name} could not be loaded`);
    }
    for (const test of file.assertionResults) {
      if (test.status === "passed") {
        passed += 1;
      } else {
        failed += 1;
        notes.push(`${test.status}: ${test.fullName} (${file.name})`);
      }
    }
  }
  if (resultsText !== undefined && passed + failed === 0) {
    failed += 1;
    notes.push(`${name} ran no test`);
  } else if (exitCode !== 0 && failed === 0) {
    failed += 1;
    notes.push(`${name} ended with ${exitCode}`);
  }
  return { passed, failed, notes };
}

/** `undefined` where a stage ended before it wrote whole results; an empty file reads the same. */
function parseResults(text) {
  try {
    const value = JSON.parse(text);
    return Array.isArray(value?.testResults) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readResults(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function main(stages) {
  let passed = 0;
  let failed = 0;
  for (const stage of stages) {
    const [name, exitCode, path] = stage.split(":", 3);
    const resultsText = path === undefined ? undefined : readResults(path);
    const counted = countStage({ name, exitCode: Number(exitCode), resultsText });
    passed += counted.passed;
    failed += counted.failed;
    for (const note of counted.notes) {
      process.stdout.write(`  ${note}\n`);
    }
    process.stdout.write(`${name}: ${counted.passed} passed, ${counted.failed} failed\n`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && stages.length > 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith("count-results.mjs")) {
  main(process.argv.slice(2));
}
