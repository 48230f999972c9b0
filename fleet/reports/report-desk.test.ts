import { expect, test } from "vitest";
import { compiledBudgets } from "#fleet/lifecycle/plans/budget-limits.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { rackRecord } from "#test/support/estate-builders.ts";
import { hostRecord, positionOf } from "#test/support/inventory-builders.ts";
import { fc } from "#test/support/properties.ts";
import { arbitraryReportFleet, reportFleet, reportHost } from "#test/support/report-facts.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { capacityFigures } from "./capacity-figures.ts";
import type { FleetFacts } from "./fleet-facts.ts";
import { drawsOfRacks, powerFigures } from "./power-figures.ts";
import { createPowerHistory, minuteMs } from "./power-history.ts";
import { createReportDesk, type ReportAsk, type ReportSight } from "./report-desk.ts";

function deskOf(facts: FleetFacts) {
  const history = createPowerHistory();
  history.note(facts.atMs, drawsOfRacks(facts.hosts));
  const kept = {
    capacity: capacityFigures(facts),
    power: powerFigures(facts, history, 60 * minuteMs),
  };
  return createReportDesk({
    gather: async () => facts,
    history,
    store: {
      keptBefore: async () => kept,
      keptSpan: async () => null,
      readFailures: async (_span, onEvent) => {
        for (const { record } of facts.hosts)
          onEvent({ hostId: record.id, atMs: facts.atMs - 1, what: "reboot", detail: "panic" });
      },
      readCutHistories: async () => [],
    },
    budgets: compiledBudgets,
    readSelector: () => ok({ matches: () => true, matchesAtom: () => true }),
    clock: createVirtualClock(),
  });
}

const only = (site: string): ReportSight => ({
  sees: ({ record }) => record.position?.site === site,
  seesSite: (code) => code === site,
});

const ways: readonly Partial<ReportAsk>[] = (["capacity", "power", "failures"] as const).flatMap(
  (kind) =>
    [null, "any"].flatMap((selector) =>
      (kind === "failures" ? [null] : [null, 0]).map((past) => ({
        kind,
        selector,
        atMs: past === null ? null : -1,
      })),
    ),
);

async function told(facts: FleetFacts, way: Partial<ReportAsk>, sight: ReportSight) {
  const made = await deskOf(facts).make({
    kind: "capacity",
    selector: null,
    group: "site,row,rack",
    windowMs: null,
    ...way,
    atMs: way.atMs === null || way.atMs === undefined ? null : facts.atMs,
    sight,
  });
  if (!made.ok) throw new Error(made.problem.words);
  const { madeMs: _made, ...report } = made.value;
  return report;
}

test("who may see one site is told the same whatever stands, or does not, in the others", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryReportFleet, fc.constantFrom(...ways), async (facts, way) => {
      const alone = {
        ...facts,
        hosts: facts.hosts.filter(({ record }) => record.position?.site === "fra2"),
        racks: facts.racks.filter(({ site }) => site === "fra2"),
      };
      expect(await told(facts, way, only("fra2"))).toEqual(await told(alone, way, only("fra2")));
    }),
    { numRuns: 60 },
  );
});

test("racks of a site without a host are not told to who may not see it", async () => {
  const host = reportHost(1, {
    record: hostRecord(1, { position: positionOf("eu/fra2/row-a/rack-01/u1") }),
  });
  const racks = [rackRecord("fra2/row-a/rack-01"), rackRecord("ams1/row-b/rack-01")];
  const { rows } = await told(reportFleet([host], racks), { kind: "power" }, only("fra2"));
  expect(rows.map(({ site }) => site)).toEqual(["fra2"]);
});
