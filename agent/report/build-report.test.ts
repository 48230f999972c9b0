import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { decodeAgentFrame, encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { unpackColumn } from "#proto/codec/columns.ts";
import { dictionaryDigest } from "#proto/codec/dictionary-digest.ts";
import type { Report } from "#proto/messages/report.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { buildReports, toReport } from "./build-report.ts";
import { createDictionaryBook } from "./dictionary-book.ts";
import { createSampleTable, type SampleTable } from "./sample-table.ts";

const grid = { originMs: 250, stepMs: 1_000 };

function reportsOf(table: SampleTable): readonly Report[] {
  const book = createDictionaryBook({
    makeDictionary: (series) => ({ digest: dictionaryDigest(series), series }),
    series: table.series,
    lastHeardStep: table.lastHeardStep,
    seriesCount: table.seriesCount,
    keepSteps: 900,
    stepMs: () => 1_000,
  });
  const batch = table.take();
  if (batch === null) return [];
  const handles = batch.rows.map(({ handle }) => handle);
  const { bodies } = buildReports(batch, book.covering(handles, batch.firstStep), grid);
  return bodies.map((body, index) =>
    toReport(body, { seq: index + 1, startMs: unixMs(body.startMonotonicMs), gaps: [] }),
  );
}

const gaugeOf = (name: string) =>
  ({ metric: "hw.temperature", attributes: { "hw.id": name }, exponent: -3 }) as const;

/** Through the wire and back; what does not decode is a failure. */
function decoded(report: Report): Report {
  const frame = encodeAgentFrame({ kind: "report", report });
  expect(frame.byteLength).toBeLessThanOrEqual(wireLimits.messageBytesMax);
  const answer = decodeAgentFrame(frame);
  if (!answer.ok || answer.value.kind !== "report") throw new Error(JSON.stringify(answer));
  return answer.value.report;
}

test("what was set comes out of the wire again, every point at its own time", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.option(fc.maxSafeInteger(), { nil: null }), { maxLength: 12 }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.integer({ min: 0, max: 10 ** 9 }),
      (rows, first) => {
        const table = createSampleTable();
        const handles = rows.map((_, index) => table.declare(gaugeOf(String(index))));
        const steps = Math.max(1, ...rows.map((row) => row.length));
        for (let step = 0; step < steps; step += 1) {
          table.begin(first + step);
          for (const [index, handle] of handles.entries()) {
            const value = rows[index]?.[step];
            if (value !== null && value !== undefined) table.set(handle, value);
          }
        }
        const seen = new Map<string, number>();
        for (const report of reportsOf(table).map(decoded)) {
          for (const column of report.columns) {
            unpackColumn(column, report.steps, "gauge").forEach((value, step) => {
              const at = report.startMonotonicMs + step * report.stepMs;
              if (!Number.isNaN(value)) seen.set(`${at}`, (seen.get(`${at}`) ?? 0) + 1);
            });
          }
        }
        for (let step = 0; step < steps; step += 1) {
          const expected = rows.filter((row) => typeof row[step] === "number").length;
          expect(seen.get(`${250 + (first + step) * 1_000}`) ?? 0).toBe(expected);
        }
      },
    ),
  );
});

test("a batch without a point makes no report", () => {
  const table = createSampleTable();
  table.declare(gaugeOf("a"));
  table.begin(1);
  expect(reportsOf(table)).toEqual([]);
});

test("more points than a message may have are cut along time, and none is lost", () => {
  const table = createSampleTable();
  const handles = Array.from({ length: 1_500 }, (_, index) => table.declare(gaugeOf(`t${index}`)));
  for (let step = 0; step < 100; step += 1) {
    table.begin(step);
    for (const handle of handles) table.set(handle, 40_000 + ((step * handle) % 700));
  }
  const reports = reportsOf(table).map(decoded);
  const points = reports.flatMap(({ columns }) => columns.map(({ summary }) => summary.count));
  expect(points.reduce((sum, count) => sum + count, 0)).toBe(150_000);
  for (const { columns } of reports) {
    const inReport = columns.reduce((sum, { summary }) => sum + summary.count, 0);
    expect(inReport).toBeLessThanOrEqual(wireLimits.pointsPerMessageMax);
  }
  const starts = reports.map(({ startMonotonicMs }) => startMonotonicMs);
  expect(starts).toEqual([...starts].sort((left, right) => left - right));
});

test("more bytes than a message may have are cut too", () => {
  const table = createSampleTable();
  const handles = Array.from({ length: 1_000 }, (_, index) => table.declare(gaugeOf(`t${index}`)));
  for (let step = 0; step < 60; step += 1) {
    table.begin(step);
    // Differences of seven bytes each.
    for (const handle of handles) table.set(handle, step % 2 === 0 ? 2 ** 46 : -(2 ** 46));
  }
  const reports = reportsOf(table).map(decoded);
  expect(reports.length).toBeGreaterThan(2);
  const steps = reports.reduce((sum, report) => sum + report.steps, 0);
  expect(steps).toBe(60);
});

test("values that no one column can hold together are told in several", () => {
  const table = createSampleTable();
  const handle = table.declare(gaugeOf("wild"));
  const wild = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, Number.MAX_SAFE_INTEGER];
  for (const [step, value] of wild.entries()) {
    table.begin(step);
    table.set(handle, value);
  }
  const values = reportsOf(table)
    .map(decoded)
    .flatMap((report) =>
      report.columns.flatMap((column) => [...unpackColumn(column, report.steps, "gauge")]),
    );
  expect(values).toEqual(wild);
});
