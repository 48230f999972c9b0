import { describe, expect, test } from "vitest";
import { loadOfRack } from "#fleet/lifecycle/plans/feed-load.ts";
import { indexSnapshot } from "#fleet/lifecycle/plans/snapshot-index.ts";
import { hostRecord, positionOf } from "#test/support/inventory-builders.ts";
import { heard, planFleet } from "#test/support/plan-fleet.ts";
import { fc } from "#test/support/properties.ts";
import {
  arbitraryReportFleet,
  reportFleet,
  reportHost,
  someRacks,
} from "#test/support/report-facts.ts";
import type { FleetFacts } from "./fleet-facts.ts";
import { drawsOfRacks, powerFigures } from "./power-figures.ts";
import { createPowerHistory, minuteMs } from "./power-history.ts";
import { powerReport } from "./power-report.ts";
import type { Report } from "./report.ts";

const spanMs = 10 * minuteMs;

function report(facts: FleetFacts, group: string | null = null): Report {
  const history = createPowerHistory();
  history.note(facts.atMs, drawsOfRacks(facts.hosts));
  const made = powerReport({
    figures: powerFigures(facts, history, spanMs),
    racks: null,
    selector: null,
    group,
    spanMs,
    madeMs: facts.atMs,
    windowOf: (shares) => history.window(shares, { toMs: facts.atMs, spanMs }),
  });
  if (!made.ok) throw new Error(made.problem.words);
  return made.value;
}

const rackHost = (number: number, rack: string) =>
  hostRecord(number, { position: positionOf(`eu/${rack}/u${number}`) });

describe("a power report", () => {
  test("adds the watts of every measured host exactly once, whatever it is grouped by", () => {
    fc.assert(
      fc.property(
        arbitraryReportFleet,
        fc.subarray(["region", "site", "row", "rack", "feed", "line"], { minLength: 1 }),
        (facts, keys) => {
          const made = report(facts, keys.join(","));
          const standing = facts.hosts.filter(
            ({ record }) => record.phase !== "planned" && record.phase !== "retired",
          );
          const watts = standing.reduce((sum, { power }) => sum + (power?.watts ?? 0), 0);
          const told = made.rows.reduce((sum, row) => sum + Number(row["now_watts"] ?? 0), 0);
          expect(Math.abs(told - watts)).toBeLessThanOrEqual(made.rows.length);
          const dark = standing.filter(({ power }) => power === null);
          expect(made.total?.["unmeasured_hosts"]).toBe(dark.length);
          const names = String(made.total?.["unmeasured_names"]).split(" ").filter(Boolean);
          expect(names.sort()).toEqual(dark.map(({ record }) => record.name).sort());
        },
      ),
    );
  });

  test("loads feeds as plans do: the others of a rack carry what a dead one did", () => {
    const snapshot = planFleet({ racksPerRow: 1, hostsPerRack: 7, feedWatts: 800 });
    const observed = new Map(
      snapshot.hosts.map((host, at) => [
        host.id,
        heard({ watts: { value: 100 + 13 * at, atMs: snapshot.nowMs } }),
      ]),
    );
    const [rack] = snapshot.racks;
    if (rack === undefined) throw new Error("no rack");
    const planned = loadOfRack({
      rack,
      atOnce: 0,
      planned: new Set(),
      index: indexSnapshot({ ...snapshot, observed }),
      added: () => 0,
    });
    const made = report(
      reportFleet(
        snapshot.hosts.map((record, at) =>
          reportHost(at + 1, { record, power: { watts: 100 + 13 * at, source: "dcmi" } }),
        ),
        snapshot.racks,
      ),
    );
    expect(made.rows.map((row) => [row["feed"], row["budget_watts"]])).toEqual([
      ["A", 800],
      ["B", 800],
    ]);
    for (const [at, feed] of planned.entries()) {
      expect(Math.round(Number(made.rows[at]?.["now_watts"]))).toBe(feed.nowWatts);
      expect(Math.round(Number(made.rows[at]?.["if_other_fails_watts"]))).toBe(
        feed.ifOtherFailsWatts,
      );
    }
    expect(made.rows[0]).toMatchObject({ over_feeds: 1, headroom_watts: 800 - 973 });
  });

  test("says nothing of a load that nobody measured, and never zero", () => {
    const facts = reportFleet(
      [reportHost(1, { record: rackHost(1, "fra2/row-a/rack-01"), power: null })],
      someRacks,
    );
    expect(report(facts).rows.find((row) => row["site"] === "fra2")).toMatchObject({
      now_watts: null,
      mean_watts: null,
      if_other_fails_watts: null,
      headroom_watts: null,
      unmeasured_hosts: 1,
      unmeasured_names: "host-1",
      coverage: 0,
    });
  });

  test("says so where two instruments are in one sum", () => {
    const rack = "fra2/row-a/rack-01";
    const made = report(
      reportFleet(
        [
          reportHost(1, { record: rackHost(1, rack) }),
          reportHost(2, {
            record: rackHost(2, rack),
            power: { watts: 80, source: "rapl-package" },
          }),
        ],
        someRacks,
      ),
      "site",
    );
    expect(made.rows.find((row) => row["site"] === "fra2")?.["sources"]).toBe(
      "dcmi 1, rapl-package 1",
    );
    expect(made.notes.join(" ")).toContain("several instruments are in these sums");
  });

  test("a rack with one feed has no other, and hosts without a place have a row", () => {
    const [first] = someRacks;
    if (first === undefined) throw new Error("no rack");
    const lone = { ...first, feeds: first.feeds.slice(0, 1) };
    const made = report(
      reportFleet([reportHost(1, { record: rackHost(1, first.id) }), reportHost(2)], [lone]),
    );
    expect(made.rows).toMatchObject([
      { rack: "rack-01", feed: "A", now_watts: 200, if_other_fails_watts: null },
      { rack: "unplaced", feed: "none", now_watts: 200, budget_watts: null },
    ]);
  });
});

describe("the history of power", () => {
  const draw = (watts: number, measured = 2, hosts = 2) => ({
    watts,
    measured,
    hosts,
    sources: ["dcmi"],
  });
  const all = new Map([
    ["one", 1],
    ["two", 1],
  ]);

  test("adds racks minute by minute: the most of the sum is not the sum of the most", () => {
    const history = createPowerHistory();
    for (let minute = 1; minute <= 10; minute += 1)
      history.note(
        minute * minuteMs,
        new Map([
          ["one", draw(minute * 10)],
          ["two", draw(110 - minute * 10)],
        ]),
      );
    const span = { toMs: 10 * minuteMs, spanMs: 10 * minuteMs };
    expect(history.window(all, span)).toMatchObject({
      meanWatts: 110,
      p95Watts: 110,
      maxWatts: 110,
    });
    expect(history.window(new Map([["one", 1]]), span)).toMatchObject({
      meanWatts: 55,
      p95Watts: 100,
      maxWatts: 100,
      coverage: 1,
    });
    expect(history.window(new Map([["one", 0.5]]), span).maxWatts).toBe(50);
  });

  test("says how much of the window was seen, and of minutes not seen nothing", () => {
    const history = createPowerHistory();
    history.note(8 * minuteMs, new Map([["one", draw(100, 1, 2)]]));
    history.note(10 * minuteMs, new Map([["one", draw(300, 1, 2)]]));
    expect(history.window(all, { toMs: 10 * minuteMs, spanMs: 4 * minuteMs })).toMatchObject({
      seenMinutes: 2,
      minutes: 4,
      coverage: 0.25,
      meanWatts: 200,
    });
    expect(history.window(all, { toMs: 60 * minuteMs, spanMs: minuteMs })).toMatchObject({
      seenMinutes: 0,
      coverage: 0,
      meanWatts: null,
      p95Watts: null,
      maxWatts: null,
    });
  });

  test("keeps no minute longer than it has room", () => {
    const history = createPowerHistory(5);
    for (let minute = 1; minute <= 12; minute += 1)
      history.note(
        minute * minuteMs,
        new Map(minute < 4 ? [["one", draw(1_000)]] : [["two", draw(minute)]]),
      );
    expect(history.earliestMs()).toBe(8 * minuteMs);
    expect(history.window(all, { toMs: 12 * minuteMs, spanMs: 60 * minuteMs })).toMatchObject({
      minutes: 5,
      maxWatts: 12,
    });
  });
});
