import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-count-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function count(...stages: readonly string[]) {
  const program = join(import.meta.dirname, "count-results.mjs");
  const ended = spawnSync(process.execPath, [program, ...stages], { encoding: "utf8" });
  return { exitCode: ended.status, lastLine: ended.stdout.trimEnd().split("\n").at(-1) };
}

function results(name: string, statuses: readonly string[]): string {
  const assertionResults = statuses.map((status) => ({ status, fullName: "a test" }));
  const status = statuses.every((one) => one === "passed") ? "passed" : "failed";
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ testResults: [{ name, status, assertionResults }] }));
  return file;
}

test("the tests of all stages are added up", () => {
  const counted = count(
    "npm ci:0",
    `first:0:${results("a", ["passed", "passed"])}`,
    `second:0:${results("b", ["passed"])}`,
  );
  expect(counted).toEqual({ exitCode: 0, lastLine: "3 passed, 0 failed" });
});

test("a failed test fails the whole", () => {
  const counted = count(`first:1:${results("a", ["passed", "failed"])}`);
  expect(counted).toEqual({ exitCode: 1, lastLine: "1 passed, 1 failed" });
});

test("a stage that crashed counts as one failed, whatever passed in it before", () => {
  const counted = count(`first:139:${results("a", ["passed"])}`, "npm ci:1");
  expect(counted).toEqual({ exitCode: 1, lastLine: "1 passed, 2 failed" });
});

test("a stage without results, or with half of them, counts as one failed", () => {
  const half = join(folder, "half.json");
  writeFileSync(half, '{"testResults": [');
  const counted = count(`first:0:${join(folder, "none.json")}`, `second:0:${half}`);
  expect(counted).toEqual({ exitCode: 1, lastLine: "0 passed, 2 failed" });
});

test("a test file that could not be loaded counts as one failed", () => {
  const file = join(folder, "unloaded.json");
  const unloaded = { name: "a", status: "failed", assertionResults: [] };
  writeFileSync(file, JSON.stringify({ testResults: [unloaded] }));
  expect(count(`first:1:${file}`)).toEqual({ exitCode: 1, lastLine: "0 passed, 1 failed" });
});

test("a skipped test counts as failed", () => {
  const counted = count(`first:0:${results("a", ["passed", "skipped"])}`);
  expect(counted).toEqual({ exitCode: 1, lastLine: "1 passed, 1 failed" });
});

test("no stage at all is a failure", () => {
  expect(count().exitCode).toBe(1);
});
