import { expect, test } from "vitest";
import { encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import {
  type Absence,
  type Component,
  type Identity,
  unknownComponent,
} from "#proto/messages/state.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import type { SubjectFacts } from "./collector-runs.ts";
import { createHostStates, type HostStates } from "./host-state.ts";

const states = (firstRevision = 1): HostStates =>
  createHostStates({
    encodedBytes: (state) => encodeAgentFrame({ kind: "state", state }).byteLength,
    bytesMax: wireLimits.messageBytesMax,
    firstRevision,
  });

function facts(
  subject: string,
  given: {
    identity?: Partial<Identity>;
    absences?: readonly Absence[];
    durationMicroseconds?: number;
    powerSource?: string | null;
    detail?: string;
  } = {},
): SubjectFacts {
  const { identity, absences = [], durationMicroseconds = 10, powerSource, detail = "" } = given;
  return {
    outcome: { subject, outcome: "ok", durationMicroseconds, series: 3, detail },
    discovery: {
      absences,
      ...(identity && { identity }),
      ...(powerSource !== undefined && { powerSource }),
    },
    problem: null,
  };
}

const disk = (slot: string): Component => ({
  ...unknownComponent,
  kind: "disk",
  slot,
  model: "x".repeat(200),
});

const now = unixMs(1_700_000_000_000);

test("while a subject has not looked yet, what it knows is not called gone", () => {
  const host = states();
  const waiting: SubjectFacts = { ...facts("smart"), discovery: null };
  host.observe([facts("identity"), waiting], [], now);
  expect(host.current()?.absences).toMatchObject([
    { what: "components", reason: "not-yet-collected", detail: expect.stringContaining("smart") },
  ]);
  host.observe([facts("identity"), facts("smart")], [], now);
  expect(host.current()?.absences).toEqual([]);
});

test("a change of facts makes a revision, a change of durations does not", () => {
  const host = states(7);
  expect(host.observe([facts("cpu")], [], now)).toBe(true);
  expect(host.observe([facts("cpu", { durationMicroseconds: 99 })], [], now)).toBe(false);
  expect(host.current()?.revision).toBe(7);
  expect(host.observe([facts("cpu", { detail: "slow" })], [], now)).toBe(true);
  expect(host.current()?.revision).toBe(8);
});

test("subjects complete each other: the first that knows has the say, parts stand side by side", () => {
  const host = states();
  host.observe(
    [
      facts("identity", { identity: { hostname: "web-1", serial: null, components: [disk("a")] } }),
      facts("disks", { identity: { hostname: "other", serial: "S1", components: [disk("b")] } }),
      facts("power", { powerSource: "rapl" }),
    ],
    [],
    now,
  );
  expect(host.current()).toMatchObject({
    identity: { hostname: "web-1", serial: "S1", kernel: null },
    powerSource: "rapl",
  });
  expect(host.current()?.identity.components.map(({ slot }) => slot)).toEqual(["a", "b"]);
});

test("what is missing is told with why, from discovery, collection and the agent itself", () => {
  const absence = (what: string): Absence => ({
    what,
    attributes: [],
    reason: "no-such-hardware",
    detail: "",
  });
  const host = states();
  const power = {
    ...facts("power", { absences: [absence("hw.host.power")] }),
    problem: { detail: "", absences: [absence("hw.power")] },
  };
  host.observe([power], [absence("clock")], now);
  expect(host.current()?.absences.map(({ what }) => what)).toEqual([
    "hw.host.power",
    "hw.power",
    "clock",
  ]);
});

test("a state too large for a message loses absences, then parts, and still fits", () => {
  const host = states();
  const components = Array.from({ length: 3_000 }, (_, index) => disk(`slot-${index}`));
  host.observe([facts("identity", { identity: { components, hostname: "big" } })], [], now);
  const state = host.current();
  if (state === null) throw new Error("no state");
  const frame = encodeAgentFrame({ kind: "state", state });
  expect(frame.byteLength).toBeLessThanOrEqual(wireLimits.messageBytesMax);
  expect(state.identity.components.length).toBeGreaterThan(500);
  expect(state.identity.hostname).toBe("big");
  // Parts that were left out are not gone, and whoever compares states must know.
  expect(state.absences).toMatchObject([
    { what: "components", detail: expect.stringMatching(/^\d+ of 3000 parts are told/) },
  ]);
});

test("no flood of absences pushes out those that say which parts were not looked for", () => {
  const host = states();
  const flood = Array.from(
    { length: 5_000 },
    (_, index): Absence => ({
      what: `hw.voltage.${index}`,
      attributes: [],
      reason: "read-failed",
      detail: "x".repeat(200),
    }),
  );
  const dimms: Absence = {
    what: "components.dimm",
    attributes: [],
    reason: "tool-missing",
    detail: "dmidecode",
  };
  host.observe([facts("thermal", { absences: [...flood, dimms] })], [], now);
  const state = host.current();
  expect(state?.absences[0]).toEqual(dimms);
  expect(state?.absences.length).toBeLessThan(flood.length);
});

test("renewed, the same facts have a new revision", () => {
  const host = states();
  host.renew(now);
  expect(host.current()).toBeNull();
  host.observe([facts("cpu")], [], now);
  host.renew(now);
  expect(host.current()?.revision).toBe(2);
  expect(host.observe([facts("cpu")], [], now)).toBe(false);
});
