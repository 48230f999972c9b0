import { describe, expect, test } from "vitest";
import { readParquet } from "#test/support/read-parquet.ts";
import type { Report, ReportFormat } from "./report.ts";
import { reportPieces } from "./write-report.ts";

const atMs = Date.UTC(2026, 10, 23, 8, 22, 44);
const hostile = '=cmd|"<img src=x>", a';

const report: Report = {
  schema: "wws.report.power.v1",
  kind: "power",
  cell: "eu",
  madeMs: atMs,
  atMs,
  window: { fromMs: atMs - 3_600_000, toMs: atMs, statistic: "sums once a minute" },
  selector: null,
  group: ["site"],
  columns: [
    { key: "site", title: "SITE", unit: null, isWideOnly: false, meaning: "where" },
    { key: "hosts", title: "HOSTS", unit: "{host}", isWideOnly: false, meaning: "how many" },
    { key: "now_watts", title: "NOW", unit: "W", isWideOnly: false, meaning: "watts <now>" },
    { key: "memory_bytes", title: "MEMORY", unit: "By", isWideOnly: true, meaning: "memory" },
  ],
  rows: [
    { site: hostile, hosts: 2, now_watts: 412.5, memory_bytes: 2 ** 52 },
    { site: "fra2", hosts: 3, now_watts: null, memory_bytes: 0 },
  ],
  total: { site: null, hosts: 5, now_watts: 412.5, memory_bytes: 2 ** 52 },
  coverage: { share: 0.4, words: "2 of 5 hosts measured" },
  notes: ["a note & more"],
};

function text(format: ReportFormat, of: Report = report): string {
  return [...reportPieces(of, format)].map((piece) => String(piece)).join("");
}

const times = "2026-11-23T08:22:44Z,2026-11-23T07:22:44Z,2026-11-23T08:22:44Z";

describe("a report as CSV", () => {
  test("names units in its first line, quotes as RFC 4180 says, and unknown is an empty field", () => {
    expect(text("csv")).toBe(
      [
        "site,hosts,now_watts,memory_bytes,at_time,window_from_time,window_to_time",
        `"'=cmd|""<img src=x>"", a",2,412.5,4503599627370496,${times}`,
        `fra2,3,,0,${times}`,
        "",
      ].join("\r\n"),
    );
  });

  test("no text is a formula or a second line, whatever a host is called", () => {
    for (const start of ["=", "+", "-", "@", "\t=", "\r\n="]) {
      const rows = [{ site: `${start}1+1`, hosts: 1, now_watts: 1, memory_bytes: 1 }];
      const lines = text("csv", { ...report, rows }).split("\r\n");
      expect(lines).toHaveLength(3);
      expect(lines[1]).toMatch(/^['" ]/);
    }
  });
});

test("as JSON it is the report itself, its schema first", () => {
  expect(JSON.parse(text("json"))).toEqual(report);
  expect(text("json")).toMatch(/^\{\n "schema": "wws\.report\.power\.v1"/);
});

describe("a report as HTML", () => {
  const page = text("html");

  test("stands for itself: no script, nothing fetched, and what a host says stays text", () => {
    expect(page).not.toMatch(/<script|<link|<img|https?:\/\/|url\((?!#)/i);
    expect(page).toContain("=cmd|&quot;&lt;img src=x&gt;&quot;, a");
    expect(page).toContain("a note &amp; more");
  });

  test("says window, statistic and coverage, and what is not known is no zero", () => {
    expect(page).toContain("2026-11-23T07:22:44Z to 2026-11-23T08:22:44Z");
    expect(page).toContain("sums once a minute");
    expect(page).toContain("2 of 5 hosts measured");
    expect(page).toContain('class="end none" title="not known, or without meaning here">–');
    expect(page).toContain("not known</text>");
  });
});

test("as Parquet another reader finds the same rows, with what they mean", async () => {
  const [bytes] = reportPieces(report, "parquet");
  if (!(bytes instanceof Uint8Array)) throw new Error("Parquet is bytes");
  const { rows, about } = await readParquet(bytes);
  const [at_time, window_from_time, window_to_time] = times.split(",");
  const told = { at_time, window_from_time, window_to_time };
  expect(rows).toEqual([
    { site: hostile, hosts: 2n, now_watts: 412.5, memory_bytes: 2n ** 52n, ...told },
    { site: "fra2", hosts: 3n, now_watts: null, memory_bytes: 0n, ...told },
  ]);
  expect(JSON.parse(about["wws.report"] ?? "")).toMatchObject({
    schema: report.schema,
    coverage: report.coverage,
  });
});

test("a report without rows is still one in every form", async () => {
  const none = { ...report, rows: [], total: null };
  expect(text("csv", none).split("\r\n")).toHaveLength(2);
  expect(text("html", none)).toContain("</html>");
  const [bytes] = reportPieces(none, "parquet");
  if (!(bytes instanceof Uint8Array)) throw new Error("Parquet is bytes");
  expect((await readParquet(bytes)).rows).toEqual([]);
});

test("the same report makes the same bytes", () => {
  for (const format of ["json", "csv", "html", "parquet"] as const)
    expect(text(format)).toBe(text(format));
});
