import { describe, expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { sampleReport } from "#test/support/sample-messages.ts";
import type { Column, Report } from "#proto/messages/report.ts";
import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { packColumn } from "./columns.ts";
import { reportToWire } from "./report-fields.ts";
import { encodeReportFrame } from "./report-frame.ts";
import { schema } from "./schema.ts";

function byProtobufjs(report: Report): Uint8Array {
  return new Uint8Array(schema.AgentFrame.encode({ report: reportToWire(report) }).finish());
}

function pack(series: number, points: readonly (number | null)[], isGauge: boolean): Column[] {
  const present = new Uint8Array((points.length + 7) >>> 3);
  points.forEach((point, step) => {
    if (point !== null) present[step >>> 3] = (present[step >>> 3] ?? 0) | (1 << (step & 7));
  });
  const packed = packColumn({
    values: points.map((point) => point ?? 0),
    present,
    kind: isGauge ? "gauge" : "counter",
  });
  return packed.ok ? [{ series, ...packed.value }] : [];
}

const points = fc.array(
  fc.option(
    fc.oneof(
      fc.integer({ min: -100, max: 100 }),
      fc.maxSafeInteger(),
      fc.constantFrom(0, -0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
    ),
  ),
  { minLength: 1, maxLength: 90 },
);

const reports = fc
  .record({
    seq: fc.maxSafeNat(),
    digest: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    startMs: fc.oneof(fc.maxSafeInteger(), fc.constant(0)),
    startMonotonicMs: fc.oneof(fc.maxSafeNat(), fc.constant(0)),
    stepMs: fc.nat({ max: 2 ** 31 - 1 }),
    columns: fc.array(
      fc.record({ series: fc.nat({ max: 2 ** 31 - 1 }), points, isGauge: fc.boolean() }),
      { maxLength: 40 },
    ),
  })
  .map(
    ({ seq, digest, startMs, startMonotonicMs, stepMs, columns }): Report => ({
      seq,
      dictionary: Buffer.from(digest).toString("hex") as DictionaryDigest,
      startMs: unixMs(startMs),
      startMonotonicMs: monotonicMs(startMonotonicMs),
      stepMs,
      steps: 10,
      columns: columns.flatMap((column) => pack(column.series, column.points, column.isGauge)),
      gaps: [],
    }),
  );

describe("a report's frame", () => {
  test("has the bytes that protobufjs writes, whatever is in it", () => {
    fc.assert(
      fc.property(reports, (report) => {
        expect(encodeReportFrame(report)).toEqual(byProtobufjs(report));
      }),
    );
  });

  test("of many long columns grows beyond the buffer that it is written into", () => {
    const values = Array.from({ length: 3_600 }, (_, step) => (step % 2) * 2 ** 40);
    const columns = Array.from({ length: 18 }, (_, series) => pack(series, values, true)).flat();
    const report = { ...sampleReport, gaps: [], steps: 3_600, columns };
    expect(encodeReportFrame(report)).toEqual(byProtobufjs(report));
  });

  test("that was handed out keeps its bytes when the next one is written", () => {
    const first = encodeReportFrame({ ...sampleReport, gaps: [] });
    const kept = first?.slice();
    encodeReportFrame({ ...sampleReport, gaps: [], seq: 77 });
    expect(first).toEqual(kept);
  });

  test.each([
    ["gaps", { gaps: [{ fromMs: unixMs(1), toMs: unixMs(2), reason: "host-slept", seqs: null }] }],
    ["a number that is not whole", { seq: 1.5 }],
    ["a time that is not whole", { startMs: unixMs(0.5) }],
  ] as const)("with %s is left to protobufjs", (_what, change) => {
    expect(encodeReportFrame({ ...sampleReport, gaps: [], ...change })).toBeNull();
  });
});
