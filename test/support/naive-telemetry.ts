import { unpackColumn } from "#proto/codec/columns.ts";
import type { Dictionary, Series } from "#proto/messages/series.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import type { RangeQuery, ReportEntry } from "#fleet/telemetry/telemetry.ts";

/**
 * What a range query should answer, the slow and plain way: every point in a map, every step looked
 * at by itself. Written from the words of docs/limits.md, not from the store's code.
 */
export interface NaiveAnswer {
  readonly series: readonly {
    readonly group: string;
    readonly points: readonly (readonly [number, number | null])[];
    readonly coverage: number;
  }[];
  readonly coverage: number;
}

interface Point {
  readonly timeMs: number;
  readonly value: number;
  readonly coverSeconds: number;
}

interface Listed {
  readonly series: Series;
  readonly points: Map<number, Point>;
  /** By report: how long it is, and at which cadence it takes the series. */
  readonly listed: { readonly ms: number; readonly cadenceMs: number }[];
  firstMs: number;
  lastMs: number;
}

/** `entries`: what was appended, in the order of the log, each report once. */
export function answerNaively(
  entries: readonly ReportEntry[],
  dictionaries: readonly Dictionary[],
  query: RangeQuery,
): NaiveAnswer {
  const { fromMs, toMs, stepMs, metric, by, stat } = query;
  const definition = metrics[metric];
  const listed = new Map<string, Listed>();
  let firstMs = Infinity;
  let lastMs = -Infinity;
  let longestMs = 0;
  for (const { hostId, report } of entries) {
    const endMs = report.startMs + report.steps * report.stepMs;
    if (hostId !== query.hostId || report.startMs >= toMs || endMs <= fromMs) continue;
    firstMs = Math.min(firstMs, report.startMs);
    lastMs = Math.max(lastMs, endMs);
    longestMs = Math.max(longestMs, endMs - report.startMs);
    const dictionary = dictionaries.find(({ digest }) => digest === report.dictionary);
    for (const [index, series] of dictionary?.series.entries() ?? []) {
      if (series?.metric !== metric) continue;
      const key = JSON.stringify(series.attributes);
      const entry = listed.get(key) ?? {
        series,
        points: new Map<number, Point>(),
        listed: [],
        firstMs: Infinity,
        lastMs: -Infinity,
      };
      listed.set(key, entry);
      entry.firstMs = Math.min(entry.firstMs, report.startMs);
      entry.lastMs = Math.max(entry.lastMs, endMs);
      entry.listed.push({ ms: endMs - report.startMs, cadenceMs: series.cadenceMs });
      const column = report.columns.find((one) => one.series === index);
      if (column === undefined) continue;
      let before = -1;
      unpackColumn(column, report.steps, definition.kind).forEach((integer, step) => {
        if (Number.isNaN(integer)) return;
        const timeMs = report.startMs + step * report.stepMs;
        const coverMs = before < 0 ? series.cadenceMs : (step - before) * report.stepMs;
        before = step;
        if (timeMs < fromMs || timeMs >= toMs) return;
        const value = integer * series.quantum * 10 ** series.exponent;
        const coverSeconds = definition.kind === "counter" ? coverMs / 1_000 : 1;
        entry.points.set(timeMs, { timeMs, value, coverSeconds });
      });
    }
  }

  const groups = new Map<string, Listed[]>(by === null ? [["", []]] : []);
  for (const entry of listed.values()) {
    const { attributes } = entry.series;
    const value = by === null ? "" : attributes.find(({ key }) => key === by)?.value;
    if (value === undefined) continue;
    if (by === null && definition.hostWide === "whole" && attributes.length > 0) continue;
    groups.set(value, [...(groups.get(value) ?? []), entry]);
  }
  let seen = 0;
  let expected = 0;
  const series = [...groups].sort(byGroup).map(([group, all]) => {
    const plain = all.filter((one) => one.series.attributes.length === 1);
    const isPlain = by !== null && definition.hostWide === "whole" && plain.length > 0;
    const members = (isPlain ? plain : all).map((one) => ({
      ...one,
      aliveFromMs: one.firstMs <= firstMs ? fromMs : Math.max(fromMs, one.firstMs),
      aliveToMs: one.lastMs >= lastMs - 2 * longestMs ? toMs : Math.min(toMs, one.lastMs),
    }));
    const rule = by !== null && definition.hostWide === "whole" ? "mean" : definition.hostWide;
    // One series alone has each of its points; several meet at the longest of their finest cadences.
    const cellMs =
      members.length === 1
        ? 1
        : Math.max(
            1,
            ...members.map(({ listed: of }) => Math.min(...of.map(({ cadenceMs }) => cadenceMs))),
          );
    const figures: Point[] = [];
    const cells = new Set(
      members.flatMap((one) => [...one.points.keys()].map((time) => Math.floor(time / cellMs))),
    );
    for (const cell of [...cells].sort((left, right) => left - right)) {
      const inCell = members.flatMap((one) => {
        const points = [...one.points.values()].filter(
          ({ timeMs }) => Math.floor(timeMs / cellMs) === cell,
        );
        if (points.length === 0) return [];
        const covers = sum(points.map((point) => point.coverSeconds));
        const timeMs = Math.max(...points.map((point) => point.timeMs));
        return [
          { timeMs, value: sum(points.map(({ value }) => value)) / covers, coverSeconds: covers },
        ];
      });
      const alive = members.filter(
        (one) => one.aliveFromMs < (cell + 1) * cellMs && one.aliveToMs > cell * cellMs,
      );
      if (rule === "sum" && inCell.length < alive.length) continue;
      const values = inCell.map(({ value }) => value);
      figures.push({
        timeMs: Math.max(...inCell.map(({ timeMs }) => timeMs)),
        value:
          rule === "sum"
            ? sum(values)
            : rule === "max"
              ? Math.max(...values)
              : rule === "min"
                ? Math.min(...values)
                : sum(values) / values.length,
        coverSeconds:
          definition.kind === "counter"
            ? Math.max(...inCell.map(({ coverSeconds }) => coverSeconds))
            : 1,
      });
    }
    const seenHere = sum(members.map((one) => one.points.size));
    const expectedHere = sum(
      members.map(
        (one) =>
          (Math.max(0, one.aliveToMs - one.aliveFromMs) *
            sum(one.listed.map(({ ms, cadenceMs }) => ms / cadenceMs))) /
          sum(one.listed.map(({ ms }) => ms)),
      ),
    );
    seen += seenHere;
    expected += expectedHere;
    const points: [number, number | null][] = [];
    for (let at = Math.floor(fromMs / stepMs) * stepMs; at < toMs; at += stepMs) {
      const inStep = figures.filter(({ timeMs }) => timeMs >= at && timeMs < at + stepMs);
      points.push([at, inStep.length === 0 ? null : statOf(inStep, stat)]);
    }
    return { group, points, coverage: share(seenHere, expectedHere) };
  });
  return { series, coverage: share(seen, expected) };
}

function statOf(figures: readonly Point[], stat: RangeQuery["stat"]): number {
  const values = figures.map(({ value }) => value);
  const sorted = [...values].sort((left, right) => left - right);
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const weighted = sum(figures.map(({ value, coverSeconds }) => value * coverSeconds));
  return {
    mean: weighted / sum(figures.map(({ coverSeconds }) => coverSeconds)),
    min: Math.min(...values),
    max: Math.max(...values),
    last: values.at(-1) ?? Number.NaN,
    sum: weighted,
    count: values.length,
    p50: rank(0.5),
    p95: rank(0.95),
    p99: rank(0.99),
  }[stat];
}

function byGroup([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  const [a, b] = [Number(left), Number(right)];
  return Number.isNaN(a - b) ? (left < right ? -1 : 1) : a - b;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function share(seen: number, expected: number): number {
  return expected > 0 ? Math.min(1, seen / expected) : 0;
}
