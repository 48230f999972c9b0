import { stringify } from "csv-stringify/sync";
import type { Report } from "./report.ts";
import { tableOf } from "./report-table.ts";

const rowsPerPiece = 1_000;

/**
 * RFC 4180 with the columns' keys, which name their units, as its first line. A text that a
 * spreadsheet would take for a formula begins with an apostrophe. Unknown is an empty field.
 */
export function* csvPieces(report: Report): Generator<string> {
  const { columns, rows } = tableOf(report);
  yield lines([columns.map(({ key }) => key)]);
  for (let at = 0; at < rows.length; at += rowsPerPiece)
    yield lines(rows.slice(at, at + rowsPerPiece));
}

function lines(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === "string" ? oneLine(cell) : cell))),
    { escape_formulas: true, record_delimiter: "windows" },
  );
}

/** Names come from hosts: what could act on a terminal or break a line is shown as a blank. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
}
