import type { Report } from "./report.ts";

/** As the API answers it: the schema's name and version first, cells that are not known as null. */
export function writeJson(report: Report): string {
  return `${JSON.stringify(report, null, 1)}\n`;
}
