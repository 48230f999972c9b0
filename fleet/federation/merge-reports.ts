import { type ReportView, reportSchema } from "#fleet/api/report-schemas.ts";
import { ApiError } from "#fleet/api/problems.ts";
import type { StaleCell } from "#fleet/api/cell-schemas.ts";
import type { Federation } from "./federation.ts";
import { federationLimits } from "./federation-limits.ts";
import { silentProblem, writeQuery } from "./relay.ts";
import { selectCells } from "./select-cells.ts";

const cellColumn = {
  key: "cell",
  title: "Cell",
  unit: null,
  isWideOnly: false,
  meaning: "whose row it is",
} as const;

/**
 * The same report of every cell, one after the other, each row with its cell. Figures are the cells'
 * own: sums over cells are not made, for medians and floors do not add. JSON only.
 * Throws ApiError `federation-reads-only` for other forms, `cell-silent` where no cell answers.
 */
export async function mergeReports(
  federation: Federation,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly value: ReportView; readonly stale: readonly StaleCell[] }> {
  if (query["format"] !== undefined && query["format"] !== "json")
    throw new ApiError(
      "federation-reads-only",
      `a report as ${query["format"]} is made by a cell`,
      {
        hint: "ask for format=json here; `wws-fleet cell list` shows the cells' addresses",
      },
    );
  const { heard, stale } = await federation.gather(
    selectCells(federation.cells, query["selector"]),
    (cell) =>
      cell.ask(`${path}${writeQuery(query)}`, reportSchema, federationLimits.sweepMsMax / 4),
    () => null,
  );
  const [first] = heard;
  if (first === undefined) throw silentProblem("no cell gave a report", stale);
  const same = heard.filter(({ value }) => value.schema === first.value.schema);
  const others = heard.filter(({ value }) => value.schema !== first.value.schema);
  const missing = [
    ...stale.map(({ name }) => `cell ${name} is silent: its hosts are not in here`),
    ...others.map(({ cell }) => `cell ${cell.name()} makes this report in another form`),
  ];
  const value: ReportView = {
    ...first.value,
    cell: same.map(({ cell }) => cell.name()).join(","),
    columns: [cellColumn, ...first.value.columns],
    rows: same.flatMap(({ cell, value: report }) =>
      report.rows.map((row) => ({ ...row, cell: cell.name() })),
    ),
    total: null,
    coverage: {
      share: Math.min(...same.map(({ value: report }) => report.coverage.share)),
      words: same
        .map(({ cell, value: report }) => `${cell.name()}: ${report.coverage.words}`)
        .join("; "),
    },
    notes: [...new Set([...missing, ...same.flatMap(({ value: report }) => report.notes)])],
  };
  return { value, stale };
}
