import { expect, test } from "vitest";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanHost, PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { Why, WhyCode } from "#fleet/lifecycle/why.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { operationRecord, planIdOf } from "#test/support/life-builders.ts";
import { ana, planFleet } from "#test/support/plan-fleet.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { causeOf } from "./failure-cause.ts";
import { planHosts } from "./plan-hosts.ts";
import { labPolicy } from "./plan-policy.ts";
import { settleHost } from "./plan-progress.ts";
import { indexSnapshot } from "./snapshot-index.ts";
import { whyStop, whyStopTransport } from "./stop-rules.ts";

const reboot = { kind: "reboot", graceMs: 0 } as const;
const why = (code: WhyCode): Why => ({
  code,
  words: code,
  who: "ana",
  command: null,
  untilMs: null,
});

function planOf(
  count: number,
  alter: (host: PlanHost, at: number) => Partial<PlanHost>,
): PlanRecord {
  const hostIds = Array.from({ length: count }, (_, at) => hostIdOf(at + 1));
  const planned = planHosts(indexSnapshot(planFleet()), labPolicy, {
    action: reboot,
    selector: "some",
    hostIds,
    asker: ana,
    durationsMs: [],
  });
  if (!planned.ok) throw new Error("no plan");
  return {
    ...planned.value,
    id: planIdOf(1),
    status: "applying",
    appliedBy: "ana",
    appliedMs: null,
    endedMs: null,
    why: [],
    version: 1,
    hosts: planned.value.hosts.map((host, at) => ({ ...host, ...alter(host, at) })),
  };
}
const done = { state: "done", endedMs: unixMs(virtualStartMs) } as const;
const aside = {
  state: "set-aside",
  endedMs: unixMs(virtualStartMs),
  why: [why("deadline")],
} as const;

test("broken hosts are set aside up to a share, and one more ends the plan", () => {
  expect(whyStop(planOf(60, (_, at) => (at >= 1 && at <= 3 ? aside : done)))).toBeNull();
  expect(whyStop(planOf(60, (_, at) => (at >= 1 && at <= 4 ? aside : done)))?.words).toBe(
    "4 of 60 hosts are broken, more than the 3 that are set aside",
  );
  expect(whyStop(planOf(5, (_, at) => (at === 3 ? aside : done)))).toBeNull();
  expect(whyStop(planOf(5, (_, at) => (at >= 3 ? aside : done)))).not.toBeNull();
});

test("a verification that failed ends the plan at once", () => {
  const bad = { state: "failed", why: [why("proof")] } as const;
  expect(whyStop(planOf(60, (_, at) => (at === 30 ? bad : done)))?.words).toContain(
    "failed its verification",
  );
});

function ended(number: number, code: WhyCode | null, facts: Partial<OperationRecord> = {}) {
  return operationRecord(number, {
    hostId: hostIdOf(1 + (number % 60)),
    kind: "reboot",
    planId: planIdOf(1),
    status: code === null ? "done" : "failed",
    endedMs: unixMs(virtualStartMs),
    why: code === null ? [] : [why(code)],
    ...facts,
  });
}
const series = (count: number, failures: number, facts: Partial<OperationRecord> = {}) =>
  Array.from({ length: count }, (_, at) => ended(at, at < failures ? "bmc" : null, facts));

test("a third of lost boot entries ends no plan where nobody knows the class better", () => {
  const plan = planOf(60, () => ({}));
  expect(whyStopTransport({ plan, operations: series(40, 14), history: [] })).toBeNull();
  expect(whyStopTransport({ plan, operations: series(2, 2), history: [] })).toBeNull();
  expect(whyStopTransport({ plan, operations: series(40, 30), history: [] })).not.toBeNull();
});

test("where a class hardly ever fails on the way, fewer failures end the plan", () => {
  const plan = planOf(60, () => ({}));
  const history = series(200, 1, { planId: null });
  const stopped = whyStopTransport({ plan, operations: series(40, 8), history });
  expect(stopped?.words).toBe(
    "8 of 40 tries on class compute failed on the way, where 1 % are usual",
  );
  expect(whyStopTransport({ plan, operations: series(40, 1), history })).toBeNull();
});

test("a host that nobody hears after its operation is broken, whatever failed on the way", () => {
  expect(causeOf(ended(1, "agent"), false)).toBe("transport");
  expect(causeOf(ended(1, "agent"), true)).toBe("broken");
  expect(causeOf(ended(1, "proof"), true)).toBe("verification");
  expect(causeOf(ended(1, "deadline"), false)).toBe("broken");
});

test("the second failure on the way sets a host aside, with what was seen", () => {
  const [host] = planOf(1, () => ({ state: "running" })).hosts;
  if (host === undefined) throw new Error("no host");
  const facts = { isSilent: false, nowMs: unixMs(virtualStartMs) };
  const first = settleHost(host, ended(1, "link"), { ...facts, tries: 1 });
  expect([first.state, first.why[0]?.untilMs]).toEqual(["waiting", virtualStartMs + 60_000]);
  expect(settleHost(host, ended(1, "link"), { ...facts, tries: 2 })).toMatchObject({
    state: "set-aside",
    why: [{ code: "link" }],
  });
});
