import { expect } from "vitest";
import type { BlockFolder } from "#fleet/telemetry/block-folder.ts";
import { type OpenTelemetry, openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import type { RangeQuery, ReportEntry, Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { TelemetryConfig } from "#fleet/telemetry/telemetry-config.ts";
import type { Dictionary } from "#proto/messages/series.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { NaiveAnswer } from "./naive-telemetry.ts";
import {
  bootOf,
  hostOf,
  type ReportFacts,
  reportOf,
  reportsStartMs,
  spoolOf,
} from "./report-builders.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

export interface TelemetryWorld {
  readonly telemetry: OpenTelemetry;
  readonly clock: VirtualClock;
}

/** A store over a folder, with no pause between commits and no reserve on the disk. */
export async function openWorld(
  folder: BlockFolder,
  options: {
    readonly config?: Partial<TelemetryConfig>;
    readonly clock?: VirtualClock;
    readonly log?: Log;
    readonly dictionaries?: readonly Dictionary[];
  } = {},
): Promise<TelemetryWorld> {
  const clock = options.clock ?? createVirtualClock(reportsStartMs);
  const config = { commitSpacingMs: 0, reserveBytes: 0, ...options.config };
  const telemetry = await openTelemetry({ folder, clock, log: options.log ?? silentLog, config });
  for (const dictionary of options.dictionaries ?? []) telemetry.addDictionary(dictionary);
  return { telemetry, clock };
}

/** Lets the clock run while sealed segments become blocks. */
export async function compact({ telemetry, clock }: TelemetryWorld): Promise<void> {
  let isDone = false;
  const done = telemetry.compacted().then(() => {
    isDone = true;
  });
  while (!isDone) await clock.advance(1);
  await done;
}

export interface EntryFacts extends ReportFacts {
  readonly host?: number;
  readonly spool?: number;
  readonly boot?: number;
  readonly receivedMs?: number;
}

export function entryOf(facts: EntryFacts): ReportEntry {
  const { host = 1, spool = 1, boot = 1, ...rest } = facts;
  const report = reportOf(rest);
  const receivedMs = facts.receivedMs ?? report.startMs + report.steps * report.stepMs + 500;
  return {
    hostId: hostOf(host),
    spoolId: spoolOf(spool),
    bootId: bootOf(boot),
    receivedMs: unixMs(receivedMs),
    report,
  };
}

/** The CPU of host 1 over a minute, by the second, unless told otherwise. */
export function queryOf(facts: {
  readonly host?: number;
  readonly metric?: RangeQuery["metric"];
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly stepMs?: number;
  readonly by?: string | null;
  readonly stat?: RangeQuery["stat"];
}): RangeQuery {
  const fromMs = facts.fromMs ?? reportsStartMs;
  return {
    hostId: hostOf(facts.host ?? 1),
    metric: facts.metric ?? "system.cpu.utilization",
    fromMs: unixMs(fromMs),
    toMs: unixMs(facts.toMs ?? fromMs + 60_000),
    stepMs: facts.stepMs ?? 1_000,
    by: facts.by ?? null,
    stat: facts.stat ?? "mean",
  };
}

export async function answerOf(telemetry: Telemetry, query: RangeQuery) {
  const answer = await telemetry.query(query);
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.problem)}`);
  return answer.value;
}

/** Values of the only series, or of the one of a group. */
export async function valuesOf(telemetry: Telemetry, query: RangeQuery, group?: string) {
  const { series } = await answerOf(telemetry, query);
  const found = series.filter(
    ({ attributes }) => group === undefined || attributes.some(({ value }) => value === group),
  );
  if (found.length !== 1) throw new Error(`${found.length} series instead of one`);
  return found[0]?.points.map(([, value]) => value) ?? [];
}

/** The store's answer is the plain model's, up to what the order of additions does to a double. */
export async function expectNaive(
  telemetry: Telemetry,
  query: RangeQuery,
  naive: NaiveAnswer,
): Promise<void> {
  const answer = await answerOf(telemetry, query);
  expect(answer.series.map(({ attributes }) => attributes[0]?.value ?? "")).toEqual(
    naive.series.map(({ group }) => group),
  );
  expect(answer.coverage).toBeCloseTo(naive.coverage, 9);
  for (const [index, series] of answer.series.entries()) {
    const model = naive.series[index];
    expect(series.coverage).toBeCloseTo(model?.coverage ?? Number.NaN, 9);
    expect(series.points.length).toBe(model?.points.length);
    for (const [at, [timeMs, value]] of series.points.entries()) {
      const [modelMs, modelValue] = model?.points[at] ?? [Number.NaN, Number.NaN];
      expect(timeMs).toBe(modelMs);
      if (value === null || modelValue === null)
        expect([timeMs, value]).toEqual([modelMs, modelValue]);
      else
        expect(Math.abs(value - modelValue)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(modelValue)));
    }
  }
}
