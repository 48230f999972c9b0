import { describe, expect, test } from "vitest";
import { compiledBudgets } from "#fleet/lifecycle/plans/budget-limits.ts";
import { hostRecord, positionOf } from "#test/support/inventory-builders.ts";
import { fc } from "#test/support/properties.ts";
import {
  arbitraryReportFleet,
  reportFleet,
  reportHost,
  someRacks,
} from "#test/support/report-facts.ts";
import { atomKeys, capacityFigures } from "./capacity-figures.ts";
import { capacityReport } from "./capacity-report.ts";
import type { FleetFacts, HostFacts } from "./fleet-facts.ts";
import type { Report } from "./report.ts";

function report(
  facts: FleetFacts,
  ask: { readonly group?: string; readonly only?: (host: HostFacts) => boolean } = {},
): Report {
  const whole = capacityFigures(facts);
  const { only } = ask;
  const selected =
    only === undefined ? whole : capacityFigures({ ...facts, hosts: facts.hosts.filter(only) });
  const made = capacityReport({
    whole,
    selected,
    selector: only === undefined ? null : "a selector",
    group: ask.group ?? null,
    budgets: compiledBudgets,
    madeMs: facts.atMs,
  });
  if (!made.ok) throw new Error(made.problem.words);
  return made.value;
}

/** Figures of which every host is in exactly one row. */
const adding = [
  "hosts",
  "sellable_hosts",
  "leased_hosts",
  "shared_hosts",
  "cordoned_hosts",
  "operated_hosts",
  "quarantined_hosts",
  "planned_hosts",
  "lost_hosts",
  "spare_hosts",
  "tainted_hosts",
  "retired_hosts",
  "serving_hosts",
  "out_hosts",
  "undescribed_hosts",
];

function sum(made: Report, key: string): number {
  return made.rows.reduce((total, row) => total + Number(row[key] ?? 0), 0);
}

describe("at every level the parts add up to the whole", () => {
  test("whatever the fleet and whatever it is grouped by, no host is lost and none counted twice", () => {
    fc.assert(
      fc.property(
        arbitraryReportFleet,
        fc.subarray([...atomKeys, "state"], { minLength: 1 }),
        (facts, keys) => {
          const made = report(facts, { group: keys.join(",") });
          for (const key of adding) expect(sum(made, key)).toBe(made.total?.[key]);
          const retired = facts.hosts.filter(({ record }) => record.phase === "retired").length;
          expect(made.total?.["hosts"]).toBe(facts.hosts.length - retired);
          expect(made.total?.["retired_hosts"]).toBe(retired);
          const standing =
            Number(made.total?.["serving_hosts"]) + Number(made.total?.["out_hosts"]);
          expect(standing + Number(made.total?.["planned_hosts"])).toBe(made.total?.["hosts"]);
          const lost = facts.hosts.filter(
            ({ record, link }) => link === "lost" && record.phase !== "retired",
          );
          expect(made.total?.["lost_hosts"]).toBe(lost.length);
          const rows = new Set(made.rows.map((row) => made.group.map((key) => row[key]).join("|")));
          expect(rows.size).toBe(made.rows.length);
        },
      ),
    );
  });

  test("a selection and its complement are the whole", () => {
    fc.assert(
      fc.property(arbitraryReportFleet, (facts) => {
        const isFirst = ({ record }: HostFacts): boolean => record.name.endsWith("1");
        const first = report(facts, { only: isFirst });
        const rest = report(facts, { only: (host) => !isFirst(host) });
        for (const key of adding)
          expect(sum(first, key) + sum(rest, key)).toBe(report(facts).total?.[key]);
      }),
    );
  });

  test("free units and floors of racks, rows, sites and regions add up to the total's", () => {
    fc.assert(
      fc.property(
        arbitraryReportFleet,
        fc.constantFrom("region", "site", "site,row", "site,row,rack"),
        (facts, group) => {
          const made = report(facts, { group });
          for (const key of ["rack_units", "free_units"])
            expect(sum(made, key)).toBe(made.total?.[key]);
          const bySite = report(facts, { group: "site" });
          for (const key of ["floor_hosts", "room_hosts", "below_floor_classes"])
            expect(sum(bySite, key)).toBe(bySite.total?.[key]);
        },
      ),
    );
  });
});

describe("a capacity report", () => {
  const at = (unit: number) => positionOf(`eu/fra2/row-a/rack-01/u${unit}`);

  test("gives hosts without a place, and without a class, rows of their own", () => {
    const made = report(reportFleet([reportHost(1)], []));
    expect(made.rows).toMatchObject([{ site: "unplaced", class: "unclassed", hosts: 1 }]);
  });

  test("says the floor only where a class of a site is there as a whole", () => {
    const hosts = Array.from({ length: 10 }, (_, index) =>
      reportHost(index + 1, {
        record: hostRecord(index + 1, { position: at(index + 1), hardwareClass: "compute" }),
        whyOut: index < 4 ? "silent" : null,
      }),
    );
    const facts = reportFleet(hosts, someRacks);
    expect(report(facts, { group: "class" }).rows[0]).toMatchObject({
      serving_hosts: 6,
      out_hosts: 4,
      floor_hosts: 7,
      room_hosts: 0,
      below_floor_classes: 1,
    });
    const part = report(facts, { only: ({ whyOut }) => whyOut === null });
    expect(part.rows[0]).toMatchObject({ serving_hosts: 6, floor_hosts: null, room_hosts: null });
    expect(part.total?.["floor_hosts"]).toBeNull();
  });

  test("counts as free no unit that a host fills or a planned one shall fill", () => {
    const made = report(
      reportFleet(
        [
          reportHost(1, { record: hostRecord(1, { position: at(1), heightUnits: 2 }) }),
          reportHost(2, { record: hostRecord(2, { position: at(10), phase: "planned" }) }),
          reportHost(3, { record: hostRecord(3, { position: at(20), phase: "retired" }) }),
        ],
        someRacks,
      ),
      { group: "site,row,rack" },
    );
    expect(made.rows.map((row) => [row["site"], row["rack"], row["free_units"]])).toEqual([
      ["ams1", "rack-01", 42],
      ["fra2", "rack-01", 39],
      ["fra2", "rack-02", 42],
    ]);
  });

  test("adds cores only of hosts that have said theirs, and counts the others", () => {
    const made = report(reportFleet([reportHost(1), reportHost(2, { hardware: null })], []));
    expect(made.rows[0]).toMatchObject({ sellable_cores: 64, undescribed_hosts: 1 });
    const none = report(reportFleet([reportHost(2, { hardware: null })], []));
    expect(none.rows[0]).toMatchObject({ sellable_cores: null, undescribed_hosts: 1 });
  });

  test("names the words that may be grouped by where one is not known", () => {
    const whole = capacityFigures(reportFleet([], []));
    const ask = { whole, selected: whole, selector: null, budgets: compiledBudgets, madeMs: 0 };
    expect(capacityReport({ ...ask, group: "colour" })).toMatchObject({
      problem: {
        words: expect.stringContaining('"colour"'),
        hint: expect.stringContaining("site"),
      },
    });
  });
});
