import { type ReportView, reportSchema } from "#fleet/api/report-schemas.ts";
import type { StaleCell } from "#fleet/api/cell-schemas.ts";
import { isoTime, momentKey } from "#fleet/reports/report-table.ts";
import type { Federation } from "./federation.ts";
import { federationLimits } from "./federation-limits.ts";
import { silentProblem, writeQuery } from "./relay.ts";
import { selectCells } from "./select-cells.ts";

/** Cells' answers to one question are less apart than this. */
const minuteMs = 60_000;

const cellColumn = {
  key: "cell",
  title: "CELL",
  unit: null,
  isWideOnly: false,
  meaning: "whose row it is",
} as const;

/**
 * The same report of every cell, one after the other, each row with its cell. Figures are the cells'
 * own: sums over cells are not made, for medians and floors do not add. Where a cell is missing the
 * coverage is zero, as nobody knows how much of the fleet that is.
 * Throws ApiError `cell-silent` where no cell answers, and what they say where all refuse.
 */
export async function mergeReports(
  federation: Federation,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly value: ReportView; readonly stale: readonly StaleCell[] }> {
  const selected = selectCells(federation.cells, query["selector"]);
  // A site that none has is answered as a cell does: with no rows.
  const asked = selected.length === 0 ? federation.cells : selected;
  const { format: _format, ...rest } = query;
  const { heard, stale, refused } = await federation.gather(
    asked,
    (cell) => cell.ask(`${path}${writeQuery(rest)}`, reportSchema, federationLimits.sweepMsMax / 4),
    () => null,
  );
  if (refused !== null) throw refused;
  const [first] = heard;
  if (first === undefined) throw silentProblem("no cell gave a report", stale);
  const same = heard.filter(({ value }) => value.schema === first.value.schema);
  const others = heard.filter(({ value }) => value.schema !== first.value.schema);
  const missing = [
    ...stale.map(({ name, why }) => `the hosts of cell ${name} are not in here: ${why}`),
    ...others.map(({ cell }) => `cell ${cell.name()} makes this report in another form`),
  ];
  const moments = new Set(same.map(({ value }) => Math.floor(value.atMs / minuteMs)));
  const apart =
    moments.size <= 1
      ? []
      : same.map(({ cell, value }) => `rows of cell ${cell.name()} are of ${isoTime(value.atMs)}`);
  const value: ReportView = {
    ...first.value,
    cell: same.map(({ cell }) => cell.name()).join(","),
    group: [cellColumn.key, ...first.value.group],
    columns: [cellColumn, ...first.value.columns],
    rows: same.flatMap(({ cell, value: report }) =>
      report.rows.map((row) => ({
        ...row,
        cell: cell.name(),
        [momentKey]: isoTime(report.atMs),
      })),
    ),
    total: null,
    coverage: {
      share:
        missing.length > 0
          ? 0
          : Math.min(...same.map(({ value: report }) => report.coverage.share)),
      words: [
        ...same.map(({ cell, value: report }) => `${cell.name()}: ${report.coverage.words}`),
        ...stale.map(({ name }) => `${name}: not in here`),
        ...others.map(({ cell }) => `${cell.name()}: not in here`),
      ].join("; "),
    },
    notes: [
      ...new Set([...missing, ...apart, ...same.flatMap(({ value: report }) => report.notes)]),
    ],
  };
  return { value, stale };
}
