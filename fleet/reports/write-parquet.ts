import { parquetWriteBuffer } from "hyparquet-writer";
import type { Report, ReportCell, ReportColumn } from "./report.ts";
import { tableOf } from "./report-table.ts";

/**
 * Apache Parquet, one row group of nullable columns named as in CSV; what the file is about (schema,
 * window, coverage, notes, what each column means) is its key-value metadata `wws.report`.
 */
export function writeParquet(report: Report): Uint8Array {
  const { columns, rows } = tableOf(report);
  const { rows: _rows, total: _total, ...about } = report;
  const columnData = columns.map((column, at) => {
    const cells = rows.map((row) => row[at] ?? null);
    return { name: column.key, ...valuesOf(column, cells), nullable: true };
  });
  const kvMetadata = [{ key: "wws.report", value: JSON.stringify(about) }];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}

type Values =
  | { readonly type: "STRING"; readonly data: (string | null)[] }
  | { readonly type: "INT64"; readonly data: (bigint | null)[] }
  | { readonly type: "DOUBLE"; readonly data: (number | null)[] };

function valuesOf(column: ReportColumn, cells: readonly ReportCell[]): Values {
  if (column.unit === null)
    return { type: "STRING", data: cells.map((cell) => (cell === null ? null : String(cell))) };
  const figures = cells.map((cell) => (typeof cell === "number" ? cell : null));
  // Watts and shares have fractions; everything else is counted.
  if (column.unit === "W" || column.unit === "1") return { type: "DOUBLE", data: figures };
  return {
    type: "INT64",
    data: figures.map((figure) => (figure === null ? null : BigInt(Math.round(figure)))),
  };
}
