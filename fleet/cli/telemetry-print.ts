import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import { type Column, drawTable, type OutputForm, printList, safeJson } from "./output.ts";
import { sparkline } from "./sparkline.ts";
import type { Terminal } from "./terminal.ts";
import { bytes, isoTime, notSeen, safeText, span } from "./words.ts";

/** One point, for lists and CSV. */
export interface PointRow {
  readonly atMs: number;
  readonly attributes: string;
  readonly value: number | null;
}

const sparklineWidth = 60;

/** Table: one line a series with its course; wide and CSV: one line a point. */
export function printTelemetry(
  terminal: Terminal,
  form: OutputForm,
  of: { readonly host: string; readonly answer: TelemetryAnswer },
): void {
  const { answer } = of;
  if (form === "json") {
    terminal.stdout.write(`${safeJson(answer, 2)}\n`);
  } else if (form === "table") {
    printSummary(terminal, of.host, answer);
  } else {
    printList(terminal, form, {
      rows: pointsOf(answer),
      columns: pointColumns(answer),
      nameOf: (point) => isoTime(point.atMs),
      none: "no points",
    });
  }
}

export function pointsOf(answer: TelemetryAnswer): readonly PointRow[] {
  return answer.series
    .flatMap((series) =>
      series.points.map(([atMs, value]) => ({
        atMs,
        attributes: attributeText(series.attributes),
        value,
      })),
    )
    .sort((a, b) => a.atMs - b.atMs || (a.attributes < b.attributes ? -1 : 1));
}

export function pointColumns(
  answer: Pick<TelemetryAnswer, "metric" | "unit" | "series">,
): readonly Column<PointRow>[] {
  const isSplit = answer.series.some((series) => Object.keys(series.attributes).length > 0);
  const split: readonly Column<PointRow>[] = isSplit
    ? [
        {
          title: "SERIES",
          key: "series",
          show: (point) => point.attributes,
          raw: (point) => point.attributes,
        },
      ]
    : [];
  return [
    {
      title: "TIME",
      key: "time",
      show: (point) => isoTime(point.atMs),
      raw: (point) => isoTime(point.atMs),
    },
    ...split,
    {
      title: answer.metric,
      key: `${answer.metric} (${answer.unit})`,
      isFigure: true,
      show: (point) => figure(point.value, answer.unit),
      raw: (point) => point.value,
    },
  ];
}

function printSummary(terminal: Terminal, host: string, answer: TelemetryAnswer): void {
  const { metric, from, to, step, series } = answer;
  terminal.stdout.write(
    `${safeText(host)}  ${metric}  ${isoTime(from)} to ${isoTime(to)}, a point every ${span(step)}\n`,
  );
  if (series.length === 0) {
    terminal.stderr.write("no series: the host did not report this metric in that time\n");
  } else {
    const figures = (values: readonly number[], join: (values: readonly number[]) => number) =>
      figure(values.length === 0 ? null : join(values), answer.unit);
    const seen = (row: TelemetryAnswer["series"][number]): readonly number[] =>
      row.points.map(([, value]) => value).filter((value) => value !== null);
    const columns: readonly Column<TelemetryAnswer["series"][number]>[] = [
      column("SERIES", (row) => attributeText(row.attributes) || "host"),
      column("", (row) =>
        sparkline(
          row.points.map(([, value]) => value),
          sparklineWidth,
        ),
      ),
      column("MIN", (row) => figures(seen(row), (values) => Math.min(...values)), true),
      column("MEAN", (row) => figures(seen(row), mean), true),
      column("MAX", (row) => figures(seen(row), (values) => Math.max(...values)), true),
      column("SEEN", (row) => `${(row.coverage * 100).toFixed(1)} %`, true),
    ];
    terminal.stdout.write(drawTable(terminal, series, columns));
  }
  for (const note of sourceChanges(answer)) terminal.stdout.write(`${note}\n`);
  for (const gap of answer.gaps) {
    const length = span(gap.to - gap.from);
    terminal.stdout.write(`gap ${isoTime(gap.from)}, ${length}: ${safeText(gap.reason)}\n`);
  }
}

/** Where the figures come from one source after another: when each began. */
export function sourceChanges({ series }: Pick<TelemetryAnswer, "series">): readonly string[] {
  return series.flatMap(({ parts = [] }) =>
    parts.length < 2
      ? []
      : parts.map(
          ({ from, attributes }) =>
            `from ${isoTime(from)} by ${safeText(attributes["wws.power.source"] ?? "an unnamed source")}`,
        ),
  );
}

function column<Row>(title: string, show: (row: Row) => string, isFigure = false): Column<Row> {
  return { title, key: title.toLowerCase(), isFigure, show, raw: show };
}

/** In the metric's unit, for people; a share in percent. */
export function figure(value: number | null, unit: string): string {
  if (value === null) return notSeen;
  if (unit === "1") return `${(value * 100).toFixed(1)} %`;
  if (unit === "By") return bytes(value);
  if (unit === "By/s") return `${bytes(value)}/s`;
  const words: Readonly<Record<string, string>> = { Cel: "°C", rpm: "rpm", "J/s": "W" };
  return `${Number(value.toPrecision(4))} ${words[unit] ?? unit}`;
}

function attributeText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
