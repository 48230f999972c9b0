import { expect, test } from "vitest";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { holdRecord, operationRecord } from "#test/support/life-builders.ts";
import { heard, lost, observing, planFleet } from "#test/support/plan-fleet.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { compiledBudgets } from "./budget-limits.ts";
import { createBudgetLedger } from "./budgets.ts";
import type { FleetSnapshot } from "./fleet-snapshot.ts";
import { indexSnapshot } from "./snapshot-index.ts";

const now = unixMs(virtualStartMs);

function ledgerOf(snapshot: FleetSnapshot) {
  const index = indexSnapshot(snapshot);
  const ledger = createBudgetLedger(index, compiledBudgets);
  const host = (number: number): HostRecord => {
    const found = index.hosts.get(hostIdOf(number));
    if (found === undefined) throw new Error(`no host ${number}`);
    return found;
  };
  return {
    ...ledger,
    codes: (number: number, kind: "drain" | "reboot" | "return" = "drain") =>
      ledger.mayStart(host(number), kind).map(({ code }) => code),
    words: (number: number) =>
      ledger
        .mayStart(host(number), "drain")
        .map(({ words }) => words)
        .join("; "),
    noteHost: (number: number, kind: "drain" | "reboot" = "drain") =>
      ledger.note(host(number), kind),
  };
}

test("an operation of anybody in the rack takes its one place", () => {
  const ledger = ledgerOf({
    ...planFleet({ racksPerRow: 20 }),
    operations: [operationRecord(1, { hostId: hostIdOf(1), startedMs: now })],
  });
  expect(ledger.words(2)).toContain("rack fra2/row-a/rack-01 has 1 of 1 hosts out by us");
  expect(ledger.codes(11)).toEqual([]);
});

test("two racks on one power line take its two places, in other racks too", () => {
  const ledger = ledgerOf(planFleet({ racksPerRow: 40, sharedFeeds: true }));
  ledger.noteHost(1);
  expect(ledger.codes(11)).toEqual([]);
  ledger.noteHost(11);
  expect(ledger.words(21)).toContain("feed fra2/row-a A of ups-a has 2 of 2 hosts out by us");
});

test("a site gives two of a hundred at once, and its neighbour its own", () => {
  const ledger = ledgerOf(planFleet({ sites: ["fra2", "nrt1"], racksPerRow: 10 }));
  ledger.noteHost(1);
  ledger.noteHost(11);
  expect(ledger.words(21)).toContain("site fra2 has 2 of 2 hosts out by us");
  expect(ledger.codes(101)).toEqual([]);
});

test("what is out for any reason counts against the floor of its class (L7)", () => {
  const fleet = planFleet({ racksPerRow: 10, hostsPerRack: 1 });
  const out: FleetSnapshot = {
    ...observing(fleet, [
      [hostIdOf(1), lost()],
      [hostIdOf(2), heard({ verdict: "failed" })],
    ]),
    holds: [holdRecord(1, { hostId: hostIdOf(3), kind: "fault" })],
  };
  expect(ledgerOf(out).words(4)).toContain("has 7 of 10 hosts serving and must keep 7");
  expect(ledgerOf(fleet).codes(4)).toEqual([]);
});

test("draining a host that has failed costs no budget, of the floor or of what we take (L7)", () => {
  const fleet = observing(
    {
      ...planFleet({ racksPerRow: 2, hostsPerRack: 5 }),
      operations: [operationRecord(1, { hostId: hostIdOf(1), startedMs: now })],
    },
    [2, 3, 4].map((number) => [hostIdOf(number), lost()] as const),
  );
  const ledger = ledgerOf(fleet);
  expect(ledger.codes(2)).toEqual([]);
  ledger.noteHost(2);
  expect(ledger.used().cell).toBe(1);
  expect(ledger.codes(5)).toContain("budget");
  expect(ledger.codes(5)).toContain("capacity");
});

test("a host that falls silent under its reboot stays taken", () => {
  const fleet = observing(
    {
      ...planFleet(),
      operations: [
        operationRecord(1, {
          hostId: hostIdOf(1),
          kind: "reboot",
          startedMs: unixMs(now - 300_000),
        }),
      ],
    },
    [
      [
        hostIdOf(1),
        lost({ lastHeardMs: unixMs(now - 290_000), linkSinceMs: unixMs(now - 200_000) }),
      ],
    ],
  );
  expect(ledgerOf(fleet).codes(2)).toContain("budget");
});

test("bringing a host back takes nothing but a start", () => {
  const fleet = planFleet({ host: (number) => (number === 2 ? { phase: "drained" } : {}) });
  const ledger = ledgerOf({
    ...fleet,
    operations: [operationRecord(1, { hostId: hostIdOf(1), startedMs: now })],
  });
  expect(ledger.codes(2, "return")).toEqual([]);
});

test("the eleventh start of a minute waits until the first is a minute old", () => {
  const startsMs = Array.from({ length: 10 }, (_, at) => unixMs(now - 50_000 + at * 1_000));
  const index = indexSnapshot({ ...planFleet(), startsMs });
  const [first] = index.snapshot.hosts;
  if (first === undefined) throw new Error("no host");
  const [why] = createBudgetLedger(index, compiledBudgets).mayStart(first, "drain");
  expect(why).toMatchObject({ code: "starts", untilMs: now + 10_000 });
});

test("a host without a rack, class or site still counts in the cell", () => {
  const fleet = planFleet({ host: () => ({ position: null, hardwareClass: null }) });
  const ledger = ledgerOf(fleet);
  ledger.noteHost(1);
  expect(ledger.used().cell).toBe(1);
  ledger.noteHost(2);
  expect(ledger.words(3)).toContain("site nowhere");
});

test("draining a host that has failed takes nobody's place, before it begins and while it runs", () => {
  const failed = heard({ verdict: "failed" });
  const hold = holdRecord(1, {
    hostId: hostIdOf(1),
    kind: "fault",
    holder: "health",
    createdMs: now,
  });
  const fleet = planFleet({ racksPerRow: 20 });
  const draining = operationRecord(2, { hostId: hostIdOf(2), startedMs: now });
  const full = { ...fleet, operations: [draining], holds: [hold] };
  const idle = ledgerOf(observing(full, [[hostIdOf(1), failed]]));
  expect([idle.codes(1), idle.codes(3)]).toEqual([[], ["budget"]]);
  const ours = operationRecord(1, { hostId: hostIdOf(1), startedMs: now });
  const held = { ...fleet, holds: [hold] };
  const running = ledgerOf(observing({ ...held, operations: [ours] }, [[hostIdOf(1), failed]]));
  expect(running.codes(3)).toEqual([]);
  const rebooting = operationRecord(1, { ...ours, kind: "reboot" });
  expect(ledgerOf({ ...held, operations: [rebooting] }).codes(3)).toEqual(["budget"]);
});

test("who has just taken over counts a host that it has not heard yet: no budget is free because nobody is connected yet", () => {
  const fleet = planFleet({ racksPerRow: 10, hostsPerRack: 1 });
  const unheard = lost({ link: "never", linkSinceMs: null, lastHeardMs: null });
  const draining = operationRecord(1, { hostId: hostIdOf(1), startedMs: unixMs(now - 1_000) });
  const all = Array.from({ length: 10 }, (_, at) => [hostIdOf(at + 1), unheard] as const);
  const begun: FleetSnapshot = {
    ...observing(fleet, all),
    operations: [draining],
    leadsSinceMs: unixMs(now - 10_000),
  };
  expect(ledgerOf(begun).codes(2)).toEqual(["budget", "capacity"]);
  // Once the grace time is over, who was never heard serves nobody.
  const later: FleetSnapshot = { ...begun, leadsSinceMs: unixMs(now - 301_000) };
  expect(ledgerOf(later).codes(2)).toEqual([]);
});

test("who was heard shortly before this manager led serves nobody until it is heard again", () => {
  const fleet = planFleet({ racksPerRow: 10, hostsPerRack: 1 });
  const leadsSinceMs = unixMs(now - 20_000);
  const before = lost({
    link: "late",
    linkSinceMs: leadsSinceMs,
    lastHeardMs: unixMs(now - 50_000),
  });
  const since = lost({
    link: "late",
    linkSinceMs: leadsSinceMs,
    lastHeardMs: unixMs(now - 19_000),
  });
  const codesWhere = (observed: typeof before, sinceMs = leadsSinceMs) => {
    const four = [2, 3, 4, 5].map((number) => [hostIdOf(number), observed] as const);
    return ledgerOf({ ...observing(fleet, four), leadsSinceMs: sinceMs }).codes(1);
  };
  expect(codesWhere(before)).toEqual(["capacity"]);
  expect(codesWhere(since)).toEqual([]);
  // One that has led for long knows that it was heard a moment ago.
  expect(codesWhere(before, unixMs(now - 300_000))).toEqual([]);
});

test("what is out by its phase serves nobody and needs no room, also where nobody has heard it yet", () => {
  const fleet = planFleet({ racksPerRow: 10, hostsPerRack: 1 });
  const drained = fleet.hosts.map((host, at) =>
    at < 4 ? { ...host, phase: "drained" as const } : host,
  );
  const off = lost({ link: "late", lastHeardMs: unixMs(now - 3_600_000) });
  const known = { ...fleet, hosts: drained, leadsSinceMs: unixMs(now - 60_000) };
  const ledger = ledgerOf(observing(known, [[hostIdOf(1), off]]));
  expect(ledger.codes(1, "reboot")).toEqual([]);
  expect(ledger.codes(5, "reboot")).toEqual(["capacity"]);
});

test("a host whose operation began after now, by a clock that was set back since, is taken all the same", () => {
  const fleet = planFleet({ racksPerRow: 10, hostsPerRack: 1 });
  const silent = lost({ linkSinceMs: unixMs(now - 200_000), lastHeardMs: unixMs(now - 300_000) });
  const startedBy = (startedMs: number): FleetSnapshot => ({
    ...observing(fleet, [[hostIdOf(1), silent]]),
    operations: [operationRecord(1, { hostId: hostIdOf(1), startedMs: unixMs(startedMs) })],
  });
  expect(ledgerOf(startedBy(now + 2_000_000)).codes(2)).toContain("budget");
  expect(ledgerOf(startedBy(now - 1_000)).codes(2)).not.toContain("budget");
});

test("what a host was like when its operation began is believed, whatever the clock says since", () => {
  const fleet = planFleet({ racksPerRow: 10, hostsPerRack: 1 });
  // By these moments it was silent long before; they were noted by two clocks.
  const silent = lost({ linkSinceMs: unixMs(now - 900_000), lastHeardMs: unixMs(now - 990_000) });
  const found = (what: "serving" | "silent" | "failed", observed = silent): FleetSnapshot => ({
    ...observing(fleet, [[hostIdOf(1), observed]]),
    operations: [
      operationRecord(1, { hostId: hostIdOf(1), startedMs: unixMs(now - 1_000), found: what }),
    ],
  });
  expect(ledgerOf(found("serving")).codes(2)).toContain("budget");
  expect(ledgerOf(found("silent")).codes(2)).not.toContain("budget");
  expect(ledgerOf(found("silent", heard())).codes(2)).toContain("budget");
  const again = lost({ linkSinceMs: unixMs(now - 100), lastHeardMs: unixMs(now - 500) });
  expect(ledgerOf(found("silent", again)).codes(2)).toContain("budget");
  expect(ledgerOf(found("failed", heard({ verdict: "failed" }))).codes(2)).not.toContain("budget");
  expect(ledgerOf(found("failed", heard())).codes(2)).toContain("budget");
});

test("a silence that an operation found is told from a later one by when it began, whatever clock noted the operation", () => {
  const fleet = planFleet({ racksPerRow: 10, hostsPerRack: 1 });
  const since = (heardMs: number) =>
    lost({ linkSinceMs: unixMs(heardMs + 90_000), lastHeardMs: unixMs(heardMs) });
  const foundAt = now - 3_000_000;
  // It began by a clock that was an hour ahead, which nobody can tell any more.
  const begun = (observed: ReturnType<typeof lost>): readonly string[] =>
    ledgerOf({
      ...observing(fleet, [[hostIdOf(1), observed]]),
      operations: [
        operationRecord(1, {
          hostId: hostIdOf(1),
          startedMs: unixMs(now - 1_000),
          found: "silent",
          foundHeardMs: unixMs(foundAt),
        }),
      ],
    }).codes(2);
  expect(begun(since(foundAt))).not.toContain("budget");
  // A manager that has just begun knows of its last report, and not of the heartbeat after it.
  expect(begun(since(foundAt - 60_000))).not.toContain("budget");
  expect(begun(lost({ link: "never", lastHeardMs: null }))).not.toContain("budget");
  expect(begun(since(foundAt + 600_000))).toContain("budget");
  expect(begun(since(foundAt - 3_600_000))).toContain("budget");
  expect(begun(heard())).toContain("budget");
});
