import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Log, silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { openStatusFile, previousRunOf, readStatusFile, type StatusRecord } from "./status-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-status-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = (notice: string): StatusRecord => ({
  pid: 1,
  release: "0.1.0",
  phase: "running",
  startedMs: unixMs(0),
  writtenMs: unixMs(0),
  notice,
  agent: null,
});

test("the first change is written at once, the next at most once a second, the latest of them", async () => {
  const clock = createVirtualClock();
  const file = openStatusFile(folder, clock, silentLog);
  for (let index = 0; index < 100; index += 1) file.put(record(`n${index}`));
  expect(readStatusFile(folder)?.notice).toBe("n0");
  await clock.advance(999);
  expect(readStatusFile(folder)?.notice).toBe("n0");
  await clock.advance(1);
  expect(readStatusFile(folder)?.notice).toBe("n99");
  await clock.advance(1_000);
  file.put(record("after a while"));
  expect(readStatusFile(folder)?.notice).toBe("after a while");
  expect(clock.timers()).toBe(0);
  file.put(record("last"));
  file.flush();
  expect(readStatusFile(folder)?.notice).toBe("last");
  expect(clock.timers()).toBe(0);
});

test("more of the same is written over what is there, and a change of phase as a new file", async () => {
  const clock = createVirtualClock();
  const path = join(folder, "status.json");
  const file = openStatusFile(folder, clock, silentLog);
  const put = async (next: StatusRecord) => {
    file.put(next);
    await clock.advance(1_000);
    return statSync(path).ino;
  };
  const first = await put(record("n"));
  expect(await put({ ...record("n"), release: "0.2.0" })).toBe(first);
  expect(readStatusFile(folder)?.release).toBe("0.2.0");
  const ended = await put({ ...record("n"), phase: "ended" });
  expect(ended).not.toBe(first);
  const long = { ...record("n"), phase: "ended", release: "x".repeat(5_000) } as const;
  expect(await put(long)).not.toBe(ended);
  expect(readStatusFile(folder)?.release).toHaveLength(5_000);
  await put({ ...record("n"), phase: "ended" });
  expect(readStatusFile(folder)?.release).toBe("0.1.0");
  rmSync(path);
  await put({ ...record("n"), phase: "ended" });
  expect(readStatusFile(folder)?.phase).toBe("ended");
});

test("where it cannot be written that is said once, and nothing breaks", async () => {
  const clock = createVirtualClock();
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (_facts, message) => warnings.push(message) };
  const file = openStatusFile(join(folder, "missing"), clock, log);
  for (let turn = 0; turn < 5; turn += 1) {
    file.put(record("x"));
    await clock.advance(1_000);
  }
  expect(warnings).toEqual(["status cannot be written"]);
  mkdirSync(join(folder, "missing"));
  file.put(record("y"));
  file.flush();
  expect(readFileSync(join(folder, "missing/status.json"), "utf8")).toContain('"y"');
});

test.each(["", "null", "[]", "{}", '{"pid":"1"}', "\0\0\0"])("%j is no status", (text) => {
  writeFileSync(join(folder, "status.json"), text);
  expect(readStatusFile(folder)).toBeNull();
});

test("the next run of the same host knows what was acknowledged; another host does not", () => {
  const agent = { hostId: "h1", acknowledgedToMs: 5_000, stateRevision: 9 };
  writeFileSync(join(folder, "status.json"), JSON.stringify({ ...record(""), agent }));
  const found = readStatusFile(folder);
  expect(previousRunOf(found, "h1")).toEqual({ acknowledgedToMs: 5_000, stateRevision: 9 });
  expect(previousRunOf(found, "h2")).toBeNull();
  expect(previousRunOf(null, "h1")).toBeNull();
});
