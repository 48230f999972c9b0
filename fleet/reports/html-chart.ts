import { escapeHtml, showCell } from "./html-text.ts";
import type { Report, ReportRow } from "./report.ts";

/** One bar: from zero, `part` of `whole`, with a mark where a limit is. null: nobody knows. */
export interface Bar {
  readonly words: string;
  readonly part: number | null;
  readonly whole: number | null;
  readonly limit: number | null;
  readonly isOver: boolean;
}

/** More bars are no picture; the table has every row. */
const barsMax = 60;
const [nameWidth, barWidth, step, height] = [260, 420, 20, 12];

/** The rows as bars; empty where there is none. */
export function chartOf(report: Report): string {
  const bars = report.rows.slice(0, barsMax).map((row) => barOf(report, row));
  const most = Math.max(
    0,
    ...bars.flatMap(({ part, whole, limit }) => [part ?? 0, whole ?? 0, limit ?? 0]),
  );
  if (bars.length === 0 || most === 0) return "";
  const scale = (value: number): number => Math.round((value / most) * barWidth * 10) / 10;
  const width = nameWidth + barWidth + 120;
  const total = bars.length * step + 24;
  const drawn = bars.map((bar, at) => drawBar(bar, at * step, scale)).join("\n");
  const left =
    report.rows.length > barsMax
      ? `<text x="0" y="${total - 6}">the first ${barsMax} of ${report.rows.length} rows</text>`
      : `<text x="0" y="${total - 6}">${captions[report.kind]}</text>`;
  return `<svg viewBox="0 0 ${width} ${total}" width="${width}" height="${total}" role="img" aria-label="${captions[report.kind]}">
<defs><pattern id="none" width="6" height="6" patternUnits="userSpaceOnUse"><path class="hatch" d="M0 6L6 0"/></pattern></defs>
${drawn}
${left}
</svg>`;
}

const captions = {
  capacity: "hosts that can serve, of those that stand there; the line is the serving floor",
  power: "watts now, and if the other feeds fail; the line is the budget",
  failures: "how often",
} as const;

function barOf({ kind, group }: Report, row: ReportRow): Bar {
  const figure = (key: string): number | null => {
    const value = row[key];
    return typeof value === "number" ? value : null;
  };
  const names = [...group, ...(kind === "failures" ? ["what", "detail"] : [])];
  const words = names.map((key) => row[key] ?? "").join(" ");
  if (kind === "capacity") {
    const [part, out, limit] = [
      figure("serving_hosts"),
      figure("out_hosts"),
      figure("floor_hosts"),
    ];
    const isOver = part !== null && limit !== null && part < limit;
    return { words, part, whole: (part ?? 0) + (out ?? 0), limit, isOver };
  }
  if (kind === "power") {
    const [part, whole, limit] = [
      figure("now_watts"),
      figure("if_other_fails_watts"),
      figure("budget_watts"),
    ];
    return { words, part, whole, limit, isOver: limit !== null && (whole ?? part ?? 0) > limit };
  }
  return { words, part: figure("events"), whole: null, limit: null, isOver: false };
}

function drawBar(bar: Bar, y: number, scale: (value: number) => number): string {
  const { part, whole, limit } = bar;
  const box = (className: string, value: number): string =>
    `<rect class="${className}" x="${nameWidth}" y="${y}" width="${scale(value)}" height="${height}"/>`;
  const figures =
    part === null
      ? "not known"
      : [
          showCell({ unit: "W" }, part),
          ...(whole === null ? [] : [showCell({ unit: "W" }, whole)]),
        ].join(" / ");
  const parts = [
    `<text x="0" y="${y + 10}">${escapeHtml(bar.words.slice(0, 44))}</text>`,
    ...(part === null
      ? [
          `<rect class="frame" fill="url(#none)" style="fill:url(#none)" x="${nameWidth}" y="${y}" width="${barWidth / 4}" height="${height}"/>`,
        ]
      : [...(whole === null ? [] : [box("rest", whole)]), box(bar.isOver ? "over" : "part", part)]),
    ...(limit === null
      ? []
      : [`<path class="mark" d="M${nameWidth + scale(limit)} ${y - 2}v${height + 4}"/>`]),
    `<text x="${nameWidth + barWidth + 8}" y="${y + 10}">${figures}${bar.isOver ? " over" : ""}</text>`,
  ];
  return parts.join("");
}
