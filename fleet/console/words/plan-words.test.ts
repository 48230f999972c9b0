import { expect, test } from "vitest";
import type { PlanHostView } from "#fleet/api/plan-schemas.ts";
import {
  actionMeaning,
  countStates,
  groupWaves,
  paceWords,
  planLook,
  planTitle,
  planVerbs,
  waveWords,
  whyNotChanged,
} from "./plan-words.ts";

const host = (name: string, differs: Partial<PlanHostView> = {}): PlanHostView => ({
  hostId: name,
  name,
  serial: null,
  revision: 1,
  phase: "active",
  rack: "fra2/row-b/rack-07",
  hardwareClass: null,
  wave: 0,
  steps: ["cordon"],
  state: "waiting",
  why: [],
  operationId: null,
  endedMs: null,
  ...differs,
});
const drain = {
  kind: "drain",
  drain: "planned",
  deadlineMs: 7_200_000,
  force: false,
  graceMs: 60_000,
} as const;

test("a plan is called by what it does and to whom", () => {
  expect(planTitle({ action: drain, hosts: [host("a")] })).toBe("Drain a");
  const emergency = { ...drain, drain: "emergency" };
  expect(planTitle({ action: emergency, hosts: [host("a"), host("b")] })).toBe(
    "Drain (emergency) 2 hosts",
  );
});

test("it says what happens at the deadline of each host", () => {
  expect(actionMeaning(drain)).toBe(
    "work is moved off within 2 h a host; then it pauses and says what is left",
  );
  expect(actionMeaning({ ...drain, force: true })).toMatch(/stopped hard$/);
  expect(actionMeaning({ kind: "reboot", graceMs: 60_000 })).toBe(
    "each host starts anew; what runs there has 1 min to stop",
  );
});

test("hosts are counted by state in one order, words of a newer manager last", () => {
  const states = ["waiting", "failed", "done", "waiting", "valueOf"];
  expect(countStates(states.map((state) => host("a", { state })))).toEqual([
    { state: "done", count: 1 },
    { state: "waiting", count: 2 },
    { state: "failed", count: 1 },
    { state: "valueOf", count: 1 },
  ]);
});

test("waves come in their order, and who takes no part comes last", () => {
  const hosts = [
    host("c", { wave: 2 }),
    host("out", { wave: 3, state: "skipped" }),
    host("a"),
    host("b", { wave: 2 }),
    host("out too", { wave: 3, state: "skipped" }),
  ];
  expect(groupWaves(hosts).map((wave) => [wave.words, wave.hosts.map(({ name }) => name)])).toEqual(
    [
      ["canary", ["a"]],
      ["wave 2", ["c", "b"]],
      ["takes no part", ["out", "out too"]],
    ],
  );
  expect(groupWaves([])).toEqual([]);
  expect(waveWords(3, "skipped")).toBe("none");
});

test("the pace is one sentence", () => {
  const pace = { waves: [1, 2, 5], soakMs: 120_000, atOnceMax: 2, brokenShareMax: 0.05 };
  expect(paceWords({ pace })).toBe(
    "1 first, then 2, 5; 2 min of watching between; at most 2 at once",
  );
  expect(paceWords({ pace: { ...pace, waves: [1] } })).toBe("one wave of 1; at most 2 at once");
  expect(paceWords({ pace: { ...pace, waves: [] } })).toBe("one wave of 0; at most 2 at once");
});

test("each verb that has no use says why", () => {
  const why = (status: string) => planVerbs.map((verb) => whyNotChanged(verb, status));
  expect(why("planned")).toEqual(["it is not applied", "it is not applied", null]);
  expect(why("applying")).toEqual([null, "it is not paused", null]);
  expect(why("paused")).toEqual(["it is paused already", null, null]);
  expect(why("done")).toEqual(Array(3).fill("it has ended: done"));
  expect(planLook("__proto__")).toMatchObject({ word: "__proto__", shape: "question" });
});
