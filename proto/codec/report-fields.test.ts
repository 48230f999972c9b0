import { describe, expect, test } from "vitest";
import { joinRaw, rawBytes, rawNumber, rawVarint } from "#test/support/raw-protobuf.ts";
import { sampleColumn, sampleDictionary, sampleReport } from "#test/support/sample-messages.ts";
import type { Report } from "#proto/messages/report.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { decodeAgentFrame, encodeAgentFrame } from "./agent-frames.ts";
import { packColumn } from "./columns.ts";
import { reportToWire } from "./report-fields.ts";
import { schema } from "./schema.ts";

type WireChange = Parameters<typeof schema.AgentFrame.encode>[0]["report"];

function encoded(report: Partial<Report>): Uint8Array {
  return encodeAgentFrame({ kind: "report", report: { ...sampleReport, ...report } });
}

/** What decoding says to a report whose wire fields were changed after encoding. */
function problemOf(change: WireChange) {
  const report = { ...reportToWire(sampleReport), ...change };
  const decoded = decodeAgentFrame(schema.AgentFrame.encode({ report }).finish());
  return decoded.ok ? "decoded" : `${decoded.problem.kind} ${decoded.problem.where}`;
}

function flat(steps: number): Omit<Report["columns"][number], "series"> {
  const packed = packColumn({
    values: new Float64Array(steps),
    present: new Uint8Array(0),
    kind: "gauge",
  });
  if (!packed.ok) throw new Error(packed.problem.kind);
  return packed.value;
}

describe("a report", () => {
  test.each([
    ["no number", { seq: 0 }, "field-invalid report.seq"],
    ["a number beyond 2^53", { seq: 2 ** 53 }, "field-invalid report.seq"],
    ["no steps", { steps: 0 }, "field-invalid report.steps"],
    ["more steps than an hour of seconds", { steps: 3_601 }, "field-invalid report.steps"],
    ["steps of no length", { stepMs: 0 }, "field-invalid report.step_ms"],
    ["steps of more than an hour", { stepMs: 3_600_001 }, "field-invalid report.step_ms"],
    ["a time no Date can hold", { startUnixMs: 8.64e15 + 1 }, "field-invalid report.start_unix_ms"],
    ["an end no Date can hold", { startUnixMs: 8.64e15 }, "field-invalid report.start_unix_ms"],
    [
      "a short digest",
      { dictionaryDigest: new Uint8Array(15) },
      "field-invalid report.dictionary_digest",
    ],
    ["a wrong checksum", { checksum: 1 }, "checksum-wrong report.checksum"],
    ["no columns under a checksum of some", { columns: [] }, "checksum-wrong report.checksum"],
    ["more steps than its columns", { steps: 11 }, "column-mismatch report.columns(0)"],
    [
      "a gap that ends before it begins",
      { gaps: [{ fromUnixMs: 2, toUnixMs: 1 }] },
      "field-invalid report.gaps",
    ],
    ["a gap with half its numbers", { gaps: [{ lastSeq: 3 }] }, "field-invalid report.gaps.first"],
    [
      "a gap with its numbers the wrong way",
      { gaps: [{ firstSeq: 4, lastSeq: 3 }] },
      "field-invalid report.gaps.last",
    ],
  ])("with %s is refused", (_, change, problem) => {
    expect(problemOf(change)).toBe(problem);
  });

  test("that was not changed decodes", () => {
    expect(problemOf({})).toBe("decoded");
  });

  test("with one bit of a value changed fails its summary or the checksum", () => {
    const frame = encoded({});
    const [column] = sampleReport.columns;
    if (!column) throw new Error("the sample has no column");
    const at = Buffer.from(frame).indexOf(column.values);
    expect(at).toBeGreaterThan(0);
    for (let bit = 0; bit < column.values.length * 8; bit += 1) {
      const changed = Uint8Array.from(frame);
      changed[at + (bit >> 3)] = (changed[at + (bit >> 3)] ?? 0) ^ (1 << (bit & 7));
      const decoded = decodeAgentFrame(changed);
      expect(decoded.ok).toBe(false);
    }
  });

  test("with values that swapped under a true summary fails the checksum", () => {
    const wire = reportToWire({
      ...sampleReport,
      columns: [sampleColumn(1, [2, 4, 6, 8])],
      steps: 4,
    });
    const [column] = wire.columns ?? [];
    if (!column) throw new Error("the sample has no column");
    const columns = [{ ...column, values: Uint8Array.of(8, 4, 12, 16) }];
    expect(problemOf({ ...wire, columns })).toBe("checksum-wrong report.checksum");
  });

  test("with two columns of one series is refused, in whatever order", () => {
    const one = sampleColumn(
      1,
      Array.from({ length: 10 }, () => 1),
    );
    const other = sampleColumn(
      0,
      Array.from({ length: 10 }, () => 2),
    );
    for (const columns of [
      [one, one],
      [one, other, one],
    ]) {
      expect(decodeAgentFrame(encoded({ columns }))).toMatchObject({
        problem: { kind: "field-invalid", where: "report.columns" },
      });
    }
    expect(decodeAgentFrame(encoded({ columns: [one, other] })).ok).toBe(true);
  });

  test("may hold 65,536 points and not one more", () => {
    const steps = 3_600;
    const whole = Math.floor(wireLimits.pointsPerMessageMax / steps);
    const rest = wireLimits.pointsPerMessageMax - whole * steps;
    const columns = Array.from({ length: whole }, (_, series) => ({ series, ...flat(steps) }));
    const lastOf = (count: number) => {
      const present = new Uint8Array(steps / 8);
      present.fill(0xff, 0, count >> 3);
      present[count >> 3] = (1 << (count & 7)) - 1;
      const packed = packColumn({ values: new Float64Array(steps), present, kind: "gauge" });
      if (!packed.ok) throw new Error(packed.problem.kind);
      return { series: whole, ...packed.value };
    };
    const within = encoded({ steps, columns: [...columns, lastOf(rest)] });
    expect(decodeAgentFrame(within).ok).toBe(true);
    const beyond = encoded({ steps, columns: [...columns, lastOf(rest + 1)] });
    expect(decodeAgentFrame(beyond)).toMatchObject({
      problem: { kind: "limit-exceeded", where: "report.columns" },
    });
  });

  test("may have no column: gaps alone are news too", () => {
    expect(decodeAgentFrame(encoded({ columns: [] })).ok).toBe(true);
  });

  test("of a newer agent decodes without what this release does not know", () => {
    const body = schema.Report.encode(reportToWire({ ...sampleReport, gaps: [] })).finish();
    const gapOfTomorrow = rawBytes(8, rawNumber(3, 99), rawNumber(77, 1));
    const frame = joinRaw(
      rawBytes(3, body, gapOfTomorrow, rawBytes(2_000, "later")),
      rawNumber(90, 1),
    );
    expect(decodeAgentFrame(frame)).toMatchObject({
      value: { report: { gaps: [{ fromMs: 0, toMs: 0, reason: "unspecified", seqs: null }] } },
    });
  });

  test("refuses 64-bit numbers that a double would round, instead of rounding", () => {
    const rest = schema.Report.encode({ ...reportToWire(sampleReport), seq: 0 }).finish();
    const withSeq = (seq: bigint) => decodeAgentFrame(rawBytes(3, rest, rawNumber(1, seq)));
    expect(withSeq(2n ** 53n - 1n)).toMatchObject({ value: { report: { seq: 2 ** 53 - 1 } } });
    for (const seq of [2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(withSeq(seq)).toMatchObject({ problem: { where: "report.seq" } });
    }
    const withStart = (start: bigint) =>
      decodeAgentFrame(rawBytes(3, rest, rawVarint(24), rawVarint(start)));
    expect(withStart(2n ** 64n - 1n)).toMatchObject({ problem: { where: "report.start_unix_ms" } });
  });

  test("keeps its numbers from lying in a gap when the clock was set back", () => {
    const gap = {
      fromMs: unixMs(9_000),
      toMs: unixMs(4_000),
      reason: "host-slept",
      seqs: null,
    } as const;
    expect(decodeAgentFrame(encoded({ gaps: [gap] }))).toMatchObject({
      value: { report: { gaps: [{ fromMs: 9_000, toMs: 9_000 }] } },
    });
  });
});

describe("a report read with the session's dictionary", () => {
  const ten = Array.from({ length: 10 }, (_, step) => step * step);
  const read = (columns: Report["columns"], dictionary = sampleDictionary) =>
    decodeAgentFrame(encoded({ columns }), { dictionary });

  test("decodes when its columns are of the dictionary's kinds", () => {
    expect(read(sampleReport.columns).ok).toBe(true);
  });

  test("is refused when a counter's column is packed as a gauge", () => {
    expect(read([{ ...sampleColumn(0, ten), series: 1 }])).toMatchObject({
      problem: { kind: "column-mismatch", where: "report.columns(1)" },
    });
  });

  test("is refused when it uses a series that the dictionary has not", () => {
    expect(read([{ ...sampleColumn(0, ten), series: 3 }])).toMatchObject({
      problem: { kind: "field-invalid", where: "report.columns.series" },
    });
  });

  test("keeps the column of a metric that this release does not know", () => {
    const [, ...known] = sampleDictionary.series;
    const dictionary = { ...sampleDictionary, series: [null, ...known] };
    for (const packedAs of [0, 1]) {
      expect(read([{ ...sampleColumn(packedAs, ten), series: 0 }], dictionary).ok).toBe(true);
    }
  });

  test("is read without it when it names another dictionary", () => {
    const other = { ...sampleDictionary, digest: "0".repeat(32) as typeof sampleDictionary.digest };
    expect(read([{ ...sampleColumn(0, ten), series: 8_000 }], other).ok).toBe(true);
    expect(read([{ ...sampleColumn(0, ten), series: 8_192 }], other)).toMatchObject({
      problem: { kind: "limit-exceeded" },
    });
  });
});
