import { expect, test } from "vitest";
import { decodeAgentFrame, encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { packColumn } from "#proto/codec/columns.ts";
import { dictionaryDigest } from "#proto/codec/dictionary-digest.ts";
import type { Report } from "#proto/messages/report.ts";
import type { Series } from "#proto/messages/series.ts";
import { type MonotonicMs, monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import type { ReportBody } from "./build-report.ts";
import { createReportRing, type ReportRing } from "./report-ring.ts";

const series: readonly Series[] = [
  { metric: "hw.host.power", attributes: [], exponent: -3, quantum: 1, cadenceMs: 1_000 },
];
const dictionary = { digest: dictionaryDigest(series), series };
const anchor = { ms: Date.UTC(2026, 0, 1) };

function decode(frame: Uint8Array): Report {
  const answer = decodeAgentFrame(frame);
  if (!answer.ok || answer.value.kind !== "report") throw new Error(JSON.stringify(answer));
  return answer.value.report;
}

function ringOf(bytesMax: number): ReportRing {
  anchor.ms = Date.UTC(2026, 0, 1);
  return createReportRing({
    bytesMax,
    encode: (report) => encodeAgentFrame({ kind: "report", report }),
    decode,
    unixOf: (at: MonotonicMs) => unixMs(anchor.ms + at),
  });
}

/** Ten seconds from `second` on. */
function body(second: number): ReportBody {
  const packed = packColumn({
    values: Array.from({ length: 10 }, (_, step) => 100_000 + second + step),
    present: new Uint8Array(0),
    kind: "gauge",
  });
  if (!packed.ok) throw new Error("a test column does not pack");
  return {
    dictionary,
    startMonotonicMs: monotonicMs(second * 1_000),
    stepMs: 1_000,
    steps: 10,
    columns: [{ series: 0, ...packed.value }],
  };
}

const sent = (ring: ReportRing, seq: number): Report => {
  const kept = ring.find(seq);
  if (kept === undefined) throw new Error(`report ${seq} is not there`);
  return decode(kept.frame());
};

test("reports are numbered from one and kept until they are acknowledged", () => {
  const ring = ringOf(1_000_000);
  for (let index = 0; index < 5; index += 1) expect(ring.push(body(index * 10))).toBe(index + 1);
  for (let seq = 1; seq <= 5; seq += 1) ring.find(seq)?.frame();
  const answer = ring.acknowledge([
    { first: 4, last: 5 },
    { first: 1, last: 2 },
  ]);
  expect(answer).toEqual({ reports: 4, toMonotonicMs: 50_000, neverSent: 0 });
  expect(ring.oldestSeq()).toBe(3);
  expect(ring.nextSeq()).toBe(6);
  expect(ring.stats().reports).toBe(1);
});

test("an empty ring names the next number as the oldest, and has given its bytes back", () => {
  const ring = ringOf(1_000_000);
  ring.push(body(0));
  ring.find(1)?.frame();
  ring.acknowledge([{ first: 1, last: 1 }]);
  expect(ring.oldestSeq()).toBe(2);
  expect(ring.stats()).toMatchObject({ reports: 0, bytes: 0 });
});

test("nobody can have what was never sent: such an acknowledgement is not believed", () => {
  const ring = ringOf(1_000_000);
  ring.push(body(0));
  expect(ring.acknowledge([{ first: 1, last: Number.MAX_SAFE_INTEGER }])).toEqual({
    reports: 0,
    toMonotonicMs: null,
    neverSent: 1,
  });
  expect(ring.stats().reports).toBe(1);
});

test("when it is full the oldest goes, and the next report says which", () => {
  const probe = ringOf(1_000_000);
  probe.push(body(0));
  const one = probe.stats().bytes;
  const ring = ringOf(one * 3 + 10);
  for (let index = 0; index < 6; index += 1) ring.push(body(index * 10));
  expect(ring.stats().bytes).toBeLessThanOrEqual(one * 3 + 10);
  expect(ring.stats().droppedReports).toBeGreaterThanOrEqual(3);
  const oldest = ring.oldestSeq();
  expect(sent(ring, 6).gaps).toEqual([
    {
      fromMs: anchor.ms,
      toMs: anchor.ms + (oldest - 1) * 10_000,
      reason: "ring-full",
      seqs: { first: 1, last: oldest - 1 },
    },
  ]);
  expect(sent(ring, oldest).gaps).toEqual([]);
});

test("a long outage is one gap, not thousands", () => {
  const probe = ringOf(1_000_000);
  probe.push(body(0));
  const ring = ringOf(probe.stats().bytes * 20);
  for (let index = 0; index < 5_000; index += 1) ring.push(body(index * 10));
  expect(sent(ring, 5_000).gaps).toMatchObject([
    { seqs: { first: 1, last: ring.oldestSeq() - 1 } },
  ]);
});

test("a report that was sent says the same when it is sent again; later gaps go with another", () => {
  const probe = ringOf(1_000_000);
  probe.push(body(0));
  const ring = ringOf(probe.stats().bytes * 3 + 100);
  for (let index = 0; index < 5; index += 1) ring.push(body(index * 10));
  const before = sent(ring, 5);
  ring.push(body(50));
  expect(sent(ring, 5)).toEqual(before);
  expect(sent(ring, 6).gaps.length).toBe(1);
});

test("a gap that was told in a report which is dropped itself is told again", () => {
  const probe = ringOf(1_000_000);
  probe.push(body(0));
  const ring = ringOf(probe.stats().bytes * 3 + 100);
  for (let index = 0; index < 5; index += 1) ring.push(body(index * 10));
  for (let seq = ring.oldestSeq(); seq <= 5; seq += 1) sent(ring, seq);
  for (let index = 5; index < 20; index += 1) ring.push(body(index * 10));
  expect(sent(ring, 20).gaps).toMatchObject([{ seqs: { first: 1, last: ring.oldestSeq() - 1 } }]);
});

test("at least the newest report stays, however small the ring", () => {
  const ring = ringOf(1);
  ring.push(body(0));
  ring.push(body(10));
  expect(ring.find(1)).toBeUndefined();
  expect(ring.find(2)).toBeDefined();
});

test("half an hour of 600 series a second fits the default ring", () => {
  const ring = ringOf(32 * 1024 * 1024);
  const [column] = body(0).columns;
  if (column === undefined) throw new Error("no column");
  const columns = Array.from({ length: 600 }, (_, index) => ({ ...column, series: index }));
  for (let batch = 0; batch < 180; batch += 1) ring.push({ ...body(batch * 10), columns });
  expect(ring.stats().droppedReports).toBe(0);
  expect(ring.stats().bytes).toBeLessThan(8 * 1024 * 1024);
});

test("when time of day is corrected by much, what nobody was told yet is stamped anew", () => {
  const ring = ringOf(1_000_000);
  ring.addGap({
    from: { monotonicMs: monotonicMs(0) },
    toMonotonicMs: monotonicMs(5_000),
    reason: "host-slept",
    seqs: null,
  });
  const madeMs = anchor.ms + 10_000;
  ring.push(body(10));
  anchor.ms += 30 * 365 * 86_400_000;
  const report = sent(ring, 1);
  expect(report.startMs - madeMs).toBe(30 * 365 * 86_400_000);
  expect(report.gaps[0]?.fromMs).toBe(anchor.ms);
});

test("however far time of day moves, a report that was sent is sent again byte for byte", () => {
  const ring = ringOf(1_000_000);
  ring.addGap({
    from: { monotonicMs: monotonicMs(0) },
    toMonotonicMs: monotonicMs(5_000),
    reason: "host-slept",
    seqs: null,
  });
  ring.push(body(10));
  const before = [...(ring.find(1)?.frame() ?? [])];
  expect(before.length).toBeGreaterThan(0);
  for (const moveMs of [20_000, 30_001, 3_600_000, -30 * 365 * 86_400_000]) {
    anchor.ms += moveMs;
    expect([...(ring.find(1)?.frame() ?? [])]).toEqual(before);
  }
  ring.push(body(20));
  expect(sent(ring, 2).startMs).toBe(anchor.ms + 20_000);
});

test("small corrections leave stamps that were given alone", () => {
  const ring = ringOf(1_000_000);
  const madeMs = anchor.ms + 10_000;
  ring.push(body(10));
  anchor.ms += 20_000;
  expect(sent(ring, 1).startMs).toBe(madeMs);
});

test("what no message can carry goes, and the gap says that it was too large", () => {
  const ring = ringOf(1_000_000);
  ring.push(body(0));
  ring.discard(1);
  ring.push(body(10));
  expect(sent(ring, 2).gaps).toMatchObject([{ reason: "too-large", seqs: { first: 1, last: 1 } }]);
});

test("a gap that turns out empty is not told", () => {
  const ring = ringOf(1_000_000);
  ring.addGap({
    from: { unixMs: unixMs(anchor.ms + 86_400_000) },
    toMonotonicMs: monotonicMs(0),
    reason: "agent-restarted",
    seqs: null,
  });
  ring.push(body(0));
  expect(sent(ring, 1).gaps).toEqual([]);
});
