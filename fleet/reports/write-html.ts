import { chartOf } from "./html-chart.ts";
import { htmlStyle } from "./html-style.ts";
import { escapeHtml, showCell } from "./html-text.ts";
import type { Report, ReportColumn } from "./report.ts";
import { isoTime } from "./report-table.ts";

/**
 * One file that needs nothing else: no script, nothing fetched; a picture from zero, the whole
 * table, what each column means. Light and dark by the reader's own setting.
 */
export function* htmlPieces(report: Report): Generator<string> {
  const title = `${titles[report.kind]} of cell ${report.cell}, ${isoTime(report.atMs)}`;
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<dl>
${factsOf(report)
  .map(([name, words]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(words)}</dd>`)
  .join("\n")}
</dl>
<ul>
${report.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("\n")}
</ul>
${chartOf(report)}
<div class="table" role="region" aria-label="All rows" tabindex="0">
<table>
<thead><tr>${report.columns.map(head).join("")}</tr></thead>
<tbody>
`;
  for (const row of report.rows)
    yield `<tr>${report.columns.map((column) => cell(column, row[column.key] ?? null)).join("")}</tr>\n`;
  yield "</tbody>\n";
  const { total } = report;
  if (total !== null)
    yield `<tfoot><tr>${report.columns
      .map((column, at) => cell(column, at === 0 ? "total" : (total[column.key] ?? null)))
      .join("")}</tr></tfoot>\n`;
  yield `</table>
</div>
<h2>What the columns mean</h2>
<dl>
${report.columns
  .map(
    ({ key, unit, meaning }) =>
      `<dt>${escapeHtml(key)}${unit === null ? "" : ` [${escapeHtml(unit)}]`}</dt><dd>${escapeHtml(meaning)}</dd>`,
  )
  .join("\n")}
</dl>
</body>
</html>
`;
}

const titles = { capacity: "Capacity", power: "Power", failures: "Failures" } as const;

function factsOf(report: Report): readonly (readonly [string, string])[] {
  const { window: span, selector, group, coverage } = report;
  return [
    ["made", isoTime(report.madeMs)],
    ...(span === null
      ? []
      : [
          ["window", `${isoTime(span.fromMs)} to ${isoTime(span.toMs)}`] as const,
          ["statistic", span.statistic] as const,
        ]),
    ["coverage", coverage.words],
    ["of", selector ?? "all hosts of the cell"],
    ["by", group.join(", ") || "nothing: one row"],
    ["schema", report.schema],
  ];
}

function head({ key, unit }: ReportColumn): string {
  return `<th scope="col"${unit === null ? "" : ' class="end"'}>${escapeHtml(key)}</th>`;
}

function cell(column: ReportColumn, value: string | number | null): string {
  if (typeof value === "string") return `<td>${escapeHtml(value)}</td>`;
  const words = showCell(column, value);
  return value === null
    ? `<td class="end none" title="not known, or without meaning here">${words}</td>`
    : `<td class="end">${words}</td>`;
}
