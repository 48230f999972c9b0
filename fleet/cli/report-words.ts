import type { ReportView } from "#fleet/api/report-schemas.ts";
import { type Column, drawFacts } from "./output.ts";
import { bytes, isoTime, notSeen, percent } from "./words.ts";

type Row = ReportView["rows"][number];

/** Columns of the report for a terminal; the total's row says so in its first. */
export function reportColumns(report: ReportView, isWide: boolean): readonly Column<Row>[] {
  return report.columns
    .filter((column) => isWide || !column.isWideOnly)
    .map((column, at) => ({
      title: column.title,
      key: column.key,
      isFigure: column.unit !== null,
      show: (row: Row) =>
        row === report.total && at === 0 ? "total" : cellWords(row, column, report),
      raw: (row: Row) => row[column.key] ?? null,
    }));
}

function cellWords(
  row: Row,
  { key, unit }: ReportView["columns"][number],
  report: ReportView,
): string {
  const cell = row[key] ?? null;
  if (typeof cell === "string") return cell;
  // Keys of the group have no sum.
  if (cell === null) return row === report.total && unit === null ? "" : notSeen;
  if (unit === "W") return String(Math.round(cell));
  if (unit === "1") return percent(cell);
  return unit === "By" ? bytes(cell) : String(cell);
}

/** What the figures are: of when, over how long, of how many; then what a reader must know. */
export function reportLines(report: ReportView): string {
  const { window: span } = report;
  const words = drawFacts([
    ["of", isoTime(report.atMs)],
    ...(span === null
      ? []
      : [
          ["window", `${isoTime(span.fromMs)} to ${isoTime(span.toMs)}`] as const,
          ["statistic", span.statistic] as const,
        ]),
    ["coverage", report.coverage.words],
    ...report.notes.map((note) => ["note", note] as const),
  ]);
  return report.rows.length === 0 ? words : `\n${words}`;
}
