import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { bootBeforeOf } from "./boot-before.ts";
import type { StatusRecord } from "./status-file.ts";

const record: StatusRecord = {
  pid: 1,
  release: "0.1.0",
  bootId: "boot-1",
  bootBefore: null,
  phase: "running",
  startedMs: unixMs(1_000),
  writtenMs: unixMs(9_000),
  notice: null,
  agent: null,
};

test("an agent that was running when its boot ended was not told to stop", () => {
  expect(bootBeforeOf(record, "boot-2")).toEqual({ agentStopped: false, agentLastMs: 9_000 });
});

test("an agent that stopped was told to; one that was turned away had ended by itself", () => {
  const stopped = { ...record, phase: "ended", notice: "stopped" } as const;
  expect(bootBeforeOf(stopped, "boot-2")?.agentStopped).toBe(true);
  expect(bootBeforeOf({ ...stopped, notice: "turned away" }, "boot-2")?.agentStopped).toBeNull();
});

test("a run of the same boot hands on what the run before it knew", () => {
  const bootBefore = { agentStopped: true, agentLastMs: unixMs(500) };
  expect(bootBeforeOf({ ...record, bootBefore }, "boot-1")).toEqual(bootBefore);
  expect(bootBeforeOf(record, "boot-1")).toBeNull();
});

test("nothing is made of a status that is missing, older or damaged", () => {
  const { bootId: _, ...older } = record;
  expect(bootBeforeOf(null, "boot-2")).toBeNull();
  expect(bootBeforeOf(older, "boot-2")).toBeNull();
  const damaged = { ...record, bootBefore: { agentLastMs: "x" }, writtenMs: null };
  expect(bootBeforeOf(damaged as unknown as StatusRecord, "boot-1")).toBeNull();
  expect(bootBeforeOf(damaged as unknown as StatusRecord, "boot-2")).toBeNull();
});
