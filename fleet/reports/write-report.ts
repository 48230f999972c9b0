import { csvPieces } from "./write-csv.ts";
import { htmlPieces } from "./write-html.ts";
import { writeJson } from "./write-json.ts";
import { writeParquet } from "./write-parquet.ts";
import type { Report, ReportFormat } from "./report.ts";

export const reportContentTypes = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  html: "text/html; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
} as const satisfies Record<ReportFormat, string>;

/** The report in a form, in pieces: as large as they come. */
export function reportPieces(report: Report, format: ReportFormat): Iterable<string | Uint8Array> {
  switch (format) {
    case "json":
      return [writeJson(report)];
    case "csv":
      return csvPieces(report);
    case "html":
      return htmlPieces(report);
    case "parquet":
      return [writeParquet(report)];
  }
}
