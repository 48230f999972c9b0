import { expect, test } from "vitest";
import type { Verdict } from "#fleet/health/verdict.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { holdRecord, operationRecord } from "#test/support/life-builders.ts";
import { planFleet } from "#test/support/plan-fleet.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { indexSnapshot } from "./plans/snapshot-index.ts";
import { judgeUrgent, urgentAction, whyUrgentNoMore } from "./urgent-drain.ts";

const fleet = planFleet();
const hostId = hostIdOf(1);
const long = virtualStartMs - 3_600_000;
const hold = holdRecord(1, { hostId, kind: "fault", holder: "health", createdMs: long as never });
const ill = { link: "connected", linkSinceMs: null, lastHeardMs: virtualStartMs as never } as const;
const observed = new Map([[hostId, { ...ill, verdict: "failing" as Verdict, watts: null }]]);
const settled = { ...fleet, leadsSinceMs: long as never, holds: [hold], observed };

function judge(facts: Partial<Parameters<typeof judgeUrgent>[0]> = {}, snapshot = settled) {
  const index = indexSnapshot(snapshot);
  const host = index.hosts.get(hostId);
  if (host === undefined) throw new Error("no host");
  return judgeUrgent({ host, hold, policy: "drain", index, last: null, brakes: [], ...facts });
}

test("a fault that stands is answered; an urgent drain is never forced", () => {
  expect(judge()).toEqual({ kind: "begin" });
  expect(urgentAction).toMatchObject({ kind: "drain", drain: "degraded", force: false });
});

test.each(["domain-event", "safe-mode", "freeze"] as const)("%s holds it back", (code) => {
  const stop = { code, words: "stopped", who: "an operator", command: null, untilMs: null };
  expect(judge({ brakes: [stop] })).toMatchObject({ kind: "waits", why: [stop] });
});

test("a host under an operation, and one that serves nobody, is left to what is under way", () => {
  const busy = { ...settled, operations: [operationRecord(1, { hostId })] };
  expect(judge({}, busy)).toEqual({ kind: "none" });
  for (const phase of ["available", "drained", "quarantined", "new"] as const) {
    const hosts = fleet.hosts.map((host) => (host.id === hostId ? { ...host, phase } : host));
    expect(judge({}, { ...settled, hosts })).toEqual({ kind: "none" });
  }
});

test("what was planned does not begin on a host that is well again", () => {
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error("no host");
  expect(whyUrgentNoMore(host, indexSnapshot(settled))).toEqual([]);
  const why = whyUrgentNoMore(host, indexSnapshot({ ...settled, holds: [] }));
  expect(why.map(({ code }) => code)).toEqual(["moved"]);
});

test("a hold that outlives its fault, which nobody could write, begins nothing", () => {
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error("no host");
  for (const verdict of ["ok", "degraded"] as const) {
    const well = { ...settled, observed: new Map([[hostId, { ...ill, verdict, watts: null }]]) };
    expect(judge({}, well)).toEqual({ kind: "none" });
    expect(whyUrgentNoMore(host, indexSnapshot(well)).map(({ code }) => code)).toEqual(["moved"]);
  }
});
