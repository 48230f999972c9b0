import type { ReportView } from "#fleet/api/report-schemas.ts";
import { formatCapacity, formatFigure } from "./figures.ts";

type Row = ReportView["rows"][number];

/** A cell as it is read; null: not known, or without meaning in this row. */
export function cellWords(
  cell: string | number | null,
  unit: string | null,
): { readonly digits: string; readonly unit: string } | null {
  if (cell === null) return null;
  if (typeof cell === "string") return { digits: cell, unit: "" };
  if (unit === "By") return formatCapacity(cell);
  if (unit === "W" || unit === "1") return formatFigure(cell, unit);
  return { digits: String(cell), unit: "" };
}

/** One row as a bar: from zero, `part` of `whole`, and a line where the limit is. */
export interface ReportBar {
  readonly part: number | null;
  readonly whole: number | null;
  readonly limit: number | null;
  readonly isOver: boolean;
  /** The same in words. */
  readonly words: string;
}

export function barOf(kind: ReportView["kind"], row: Row): ReportBar {
  const figure = (key: string): number | null => {
    const cell = row[key];
    return typeof cell === "number" ? cell : null;
  };
  if (kind === "capacity") {
    const [part, out, limit] = [
      figure("serving_hosts"),
      figure("out_hosts"),
      figure("floor_hosts"),
    ];
    const whole = (part ?? 0) + (out ?? 0);
    const isOver = part !== null && limit !== null && part < limit;
    const floor = limit === null ? "" : `, at least ${limit} must`;
    return { part, whole, limit, isOver, words: `${part ?? 0} of ${whole} can serve${floor}` };
  }
  if (kind === "power") {
    const [part, whole, limit] = [
      figure("now_watts"),
      figure("if_other_fails_watts"),
      figure("budget_watts"),
    ];
    const isOver = limit !== null && (whole ?? part ?? 0) > limit;
    const words =
      part === null
        ? "no host there is measured"
        : `${watts(part)} now${whole === null ? "" : `, ${watts(whole)} if the other fails`}${
            limit === null ? "" : `, of ${watts(limit)}`
          }`;
    return { part, whole, limit, isOver, words };
  }
  const part = figure("events");
  return { part, whole: null, limit: null, isOver: false, words: `${part ?? 0} times` };
}

/** To what all bars of a page are drawn; at least 1. */
export function barScale(bars: readonly ReportBar[]): number {
  return Math.max(
    1,
    ...bars.flatMap(({ part, whole, limit }) => [part ?? 0, whole ?? 0, limit ?? 0]),
  );
}

function watts(value: number): string {
  const { digits, unit } = formatFigure(value, "W");
  return `${digits} ${unit}`;
}
