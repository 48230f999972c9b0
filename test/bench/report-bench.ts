import { compiledBudgets } from "#fleet/lifecycle/plans/budget-limits.ts";
import { createPowerHistory, keptMinutesUsual, minuteMs } from "#fleet/reports/power-history.ts";
import { drawsOfRacks } from "#fleet/reports/power-figures.ts";
import type { ReportFormat, ReportKind } from "#fleet/reports/report.ts";
import { createReportDesk, type ReportDesk } from "#fleet/reports/report-desk.ts";
import { reportPieces } from "#fleet/reports/write-report.ts";
import { packFigures } from "#fleet/storage/stored-reports.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { rackRecord } from "#test/support/estate-builders.ts";
import { hostRecord, positionOf } from "#test/support/inventory-builders.ts";
import { reportFleet, reportHost } from "#test/support/report-facts.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import {
  type BenchOptions,
  type BenchReport,
  machineConditions,
  quantile,
  rounded,
} from "./bench-report.ts";

const runs = 7;
const hostsPerRack = 20;
const sites = ["fra2", "ams1", "cdg1", "lhr1", "dub1"];

/**
 * Reports of a fleet with a whole day of power behind it, from gathered facts to the last byte of the
 * form, and what a kept day takes in the store. Gathering and the store's own time are not in it.
 */
export async function benchReport(options: BenchOptions): Promise<BenchReport> {
  const { hosts, say } = options;
  say(`building a fleet of ${hosts} hosts and a day of its power`);
  const desk = openDesk(hosts);
  const capacityMs = await measure(desk, { kind: "capacity", format: "json", group: null });
  const racksMs = await measure(desk, { kind: "capacity", format: "csv", group: "site,row,rack" });
  const powerMs = await measure(desk, { kind: "power", format: "csv", group: null, isDay: true });
  const htmlMs = await measure(desk, { kind: "power", format: "html", group: null });
  const kept = await desk.figures();
  return {
    bench: "report",
    figures: rounded({
      capacityJsonMs: quantile(capacityMs, 0.5),
      capacityByRackCsvMs: quantile(racksMs, 0.5),
      powerDayCsvMs: quantile(powerMs, 0.5),
      powerDayCsvMsWorst: quantile(powerMs, 1),
      powerHtmlMs: quantile(htmlMs, 0.5),
      keptDayBytes: packFigures(kept).length,
    }),
    conditions: {
      ...machineConditions(),
      hosts,
      racks: Math.ceil(hosts / hostsPerRack),
      feedsOfEachRack: 2,
      counted:
        "CPU time of this process, user and system: figures, rows and every byte of the form, out of facts at hand; medians of seven, two more before to warm up",
    },
  };
}

function openDesk(count: number): ReportDesk {
  const clock = createVirtualClock();
  const racks = new Map<string, ReturnType<typeof rackRecord>>();
  const hosts = Array.from({ length: count }, (_, at) => {
    const rack = Math.floor(at / hostsPerRack);
    const row = Math.floor(rack / sites.length);
    const id = `${sites[rack % sites.length]}/row-${String.fromCharCode(97 + (row % 20))}/rack-${String(1 + Math.floor(row / 20)).padStart(2, "0")}`;
    if (!racks.has(id))
      racks.set(
        id,
        rackRecord(id, {
          feeds: ["A", "B"].map((name) => ({ name, budgetWatts: 5_000, upstream: null })),
        }),
      );
    const record = hostRecord(at + 1, {
      position: positionOf(`eu/${id}/u${1 + (at % hostsPerRack)}`),
      hardwareClass: ["compute", "storage", "dense"][at % 3] ?? null,
    });
    // Every fiftieth host has no measurement: names of such hosts are in the rows.
    return reportHost(at + 1, {
      record,
      power: at % 50 === 0 ? null : { watts: 150 + ((at * 7_919) % 400), source: "dcmi" },
    });
  });
  const facts = { ...reportFleet(hosts, [...racks.values()]), atMs: clock.nowUnixMs() };
  const history = createPowerHistory();
  const draws = drawsOfRacks(hosts);
  for (let minute = keptMinutesUsual; minute > 0; minute -= 1)
    history.note(facts.atMs - (minute - 1) * minuteMs, draws);
  return createReportDesk({
    gather: async () => facts,
    history,
    store: {
      keptBefore: async () => undefined,
      keptSpan: async () => null,
      readFailures: async () => {},
      readCutHistories: async () => [],
    },
    budgets: compiledBudgets,
    readSelector: () => ok({ matches: () => true, matchesAtom: null }),
    clock,
  });
}

async function measure(
  desk: ReportDesk,
  ask: {
    readonly kind: ReportKind;
    readonly format: ReportFormat;
    readonly group: string | null;
    readonly isDay?: boolean;
  },
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs + 2; run += 1) {
    const before = process.cpuUsage();
    const made = await desk.make({
      kind: ask.kind,
      selector: null,
      group: ask.group,
      atMs: null,
      windowMs: ask.isDay === true ? keptMinutesUsual * minuteMs : null,
    });
    if (!made.ok) throw new Error(made.problem.words);
    let size = 0;
    for (const piece of reportPieces(made.value, ask.format)) size += piece.length;
    const { user, system } = process.cpuUsage(before);
    if (size === 0 || made.value.rows.length === 0) throw new Error("the report is empty");
    if (run >= 2) times.push((user + system) / 1_000);
  }
  return times;
}
