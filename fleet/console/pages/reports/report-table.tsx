import type { ReportView } from "#fleet/api/report-schemas.ts";
import { rowProps } from "../../keys/row-focus.ts";
import { Shape } from "../../parts/shape.tsx";
import { WideTable } from "../../parts/wide-table.tsx";
import { barOf, barScale, cellWords } from "../../words/report-words.ts";
import { Bar } from "./report-bar.tsx";

type Column = ReportView["columns"][number];
type Row = ReportView["rows"][number];

/** The rows with their bars; every column that the manager has, the wide ones on demand. */
export function ReportTable({
  report,
  isWide,
}: {
  readonly report: ReportView;
  readonly isWide: boolean;
}) {
  const { kind, total } = report;
  const columns = report.columns.filter((column) => isWide || !column.isWideOnly);
  const keys = columns.filter(({ unit }) => unit === null);
  const bars = report.rows.map((row) => barOf(kind, row));
  const scale = barScale(bars);
  const name = `${kind}, by ${report.group.join(", ")}`;
  return (
    <WideTable name={name}>
      <table className="table figures-table report-table" aria-label={name}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                title={column.meaning}
                className={column.unit === null ? "" : "end"}
              >
                {column.key.replaceAll("_", " ")}
              </th>
            ))}
            <th scope="col">{barHeads[kind]}</th>
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row, at) => {
            const bar = bars[at];
            return (
              <tr key={keys.map(({ key }) => row[key]).join("/")} {...rowProps} tabIndex={-1}>
                {columns.map((column, place) => (
                  <ReportCell key={column.key} column={column} row={row} isHead={place === 0} />
                ))}
                <td>
                  {bar === undefined ? null : (
                    <span className={bar.isOver ? "state tone-bad" : "state"}>
                      <Bar bar={bar} scale={scale} />
                      {bar.isOver ? (
                        <>
                          <Shape shape="triangle" tone="bad" />
                          <span className="state-word">{overWords[kind]}</span>
                        </>
                      ) : null}
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
        {total === null ? null : (
          <tfoot>
            <tr>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.key} scope="row">
                    total
                  </th>
                ) : (
                  <ReportCell key={column.key} column={column} row={total} isHead={false} />
                ),
              )}
              <td />
            </tr>
          </tfoot>
        )}
      </table>
    </WideTable>
  );
}

const barHeads = {
  capacity: "can serve; line: floor",
  power: "now, if the other fails; line: budget",
  failures: "how often",
} as const;
const overWords = { capacity: "below floor", power: "over", failures: "" } as const;

function ReportCell({
  column,
  row,
  isHead,
}: {
  readonly column: Column;
  readonly row: Row;
  readonly isHead: boolean;
}) {
  const words = cellWords(row[column.key] ?? null, column.unit);
  const shown =
    words === null ? (
      <span className="dim" title="not known, or without meaning in this row">
        –
      </span>
    ) : (
      <>
        {words.digits}
        {words.unit === "" ? null : <span className="unit"> {words.unit}</span>}
      </>
    );
  if (isHead)
    return (
      <th scope="row" className="mono">
        {shown}
      </th>
    );
  return <td className={column.unit === null ? "" : "end figure"}>{shown}</td>;
}
