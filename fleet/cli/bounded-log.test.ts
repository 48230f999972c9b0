import { mkdtempSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { openBoundedLog } from "./bounded-log.ts";

const limits = { bytesMax: 100, checkMs: 1_000 };
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-log-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a log that grows too large while it is written is moved aside, and goes on from its start", async () => {
  const clock = createVirtualClock();
  const path = join(folder, "log/child.log");
  const log = openBoundedLog(path, clock, limits);
  writeSync(log.file, "a".repeat(100));
  await clock.advance(1_000);
  expect(statSync(path).size).toBe(100);
  writeSync(log.file, "b");
  await clock.advance(1_000);
  expect(statSync(path).size).toBe(0);
  expect(readFileSync(`${path}.1`, "utf8")).toBe(`${"a".repeat(100)}b`);
  writeSync(log.file, "after\n");
  expect(readFileSync(path, "utf8")).toBe("after\n");
  expect(log.tail()).toBe("after\n");
  log.close();
  expect(clock.timers()).toBe(0);
});

test("the tail is of this run alone", () => {
  const clock = createVirtualClock();
  const path = join(folder, "child.log");
  const first = openBoundedLog(path, clock, limits);
  writeSync(first.file, "first\n");
  first.close();
  const second = openBoundedLog(path, clock, limits);
  writeSync(second.file, "second\n");
  expect(second.tail()).toBe("second\n");
  second.close();
  expect(readFileSync(path, "utf8")).toBe("first\nsecond\n");
});

test("where the copy cannot be made the log is bounded all the same", async () => {
  const clock = createVirtualClock();
  const path = join(folder, "child.log");
  const log = openBoundedLog(path, clock, limits);
  writeSync(log.file, "a".repeat(200));
  // There is nothing under that name to copy any more.
  rmSync(path);
  await clock.advance(1_000);
  writeSync(log.file, "after\n");
  expect(log.tail()).toBe("after\n");
  log.close();
});
