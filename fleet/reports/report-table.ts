import { utcTime } from "#proto/vocabulary/utc-time.ts";
import type { Report, ReportCell, ReportColumn } from "./report.ts";

/**
 * The report as one table that stands for itself: its rows, and in each of them the moment and the
 * window of which they speak, so that files of many days may be laid together.
 */
export interface ReportTable {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly ReportCell[])[];
}

/** Of a row: a moment of its own, where a report was joined from several. */
export const momentKey = "at_time";

export function tableOf(report: Report): ReportTable {
  const { window: span } = report;
  const times: readonly (readonly [string, string, number | null])[] = [
    [momentKey, "the moment of which the row speaks", report.atMs],
    [
      "window_from_time",
      "where the window of mean, p95, max and counts begins",
      span?.fromMs ?? null,
    ],
    ["window_to_time", "where it ends", span?.toMs ?? null],
  ];
  const told = times.filter(([, , atMs]) => atMs !== null);
  const last = told.map(([, , atMs]) => isoTime(atMs ?? 0));
  return {
    columns: [
      ...report.columns,
      ...told.map(([key, meaning]) => ({
        key,
        title: key,
        unit: null,
        isWideOnly: true,
        meaning,
      })),
    ],
    rows: report.rows.map((row) => [
      ...report.columns.map(({ key }) => row[key] ?? null),
      ...told.map(([key], at) => (key === momentKey ? row[key] : null) ?? last[at] ?? null),
    ]),
  };
}

/** `2026-11-23T08:22:44Z`. */
export function isoTime(atMs: number): string {
  const { year, month, day, hour, minute, second } = utcTime(atMs);
  const two = (part: number): string => String(part).padStart(2, "0");
  const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}Z`;
}
