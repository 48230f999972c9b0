import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import {
  joinRaw,
  rawBytes,
  rawGroupEnd,
  rawGroupStart,
  rawNumber,
  rawVarint,
  repeatRaw,
} from "#test/support/raw-protobuf.ts";
import {
  sampleAgentMessages,
  sampleColumn,
  sampleDictionary,
  sampleManagerMessages,
  sampleReport,
} from "#test/support/sample-messages.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { decodeAgentFrame, encodeAgentFrame } from "./agent-frames.ts";
import { decodeManagerFrame, encodeManagerFrame } from "./manager-frames.ts";

const problemKinds = [
  "too-large",
  "too-deep",
  "malformed",
  "empty",
  "unknown-message",
  "field-missing",
  "field-invalid",
  "limit-exceeded",
  "column-mismatch",
  "checksum-wrong",
];

/**
 * Both decoders answer with a value: a message, or a problem in known words. Not by `expect` for
 * each, which would take longer than what is tested.
 */
function decodeBoth(bytes: Uint8Array): readonly boolean[] {
  const answers = [
    decodeAgentFrame(bytes, { dictionary: sampleDictionary }),
    decodeManagerFrame(bytes),
  ];
  return answers.map((answer) => {
    if (answer.ok) return true;
    const { kind, where, detail } = answer.problem;
    const isPlain = problemKinds.includes(kind) && where.length > 0 && detail.length <= 400;
    if (!isPlain) throw new Error(`not a typed problem: ${kind} at ${where}: ${detail}`);
    return false;
  });
}

const frames = [
  ...sampleAgentMessages.map((message) => [message.kind, encodeAgentFrame(message)] as const),
  ...sampleManagerMessages.map((message) => [message.kind, encodeManagerFrame(message)] as const),
];

describe("cut at any length, each side's frame is a problem or a message:", () => {
  test.each(frames)("%s", (_, frame) => {
    for (let length = 0; length < frame.length; length += 1) {
      const [asAgent, asManager] = decodeBoth(frame.subarray(0, length));
      // A frame is one message with a length, so a shorter one is never whole.
      expect([asAgent, asManager, length]).toEqual([false, false, length]);
    }
  });
});

describe("with any one bit turned, each side's frame is a problem or a message:", () => {
  test.each(frames)("%s", (_, frame) => {
    const changed = Uint8Array.from(frame);
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      decodeBoth(changed);
      changed[bit >> 3] = frame[bit >> 3] ?? 0;
    }
    expect(decodeBoth(changed)).toContain(true);
  });
});

test("20,000 seeded mutations and random byte strings are problems or messages", () => {
  const random = createSeededRandom(20_261_108);
  let messages = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const frame = frames[random.below(frames.length)]?.[1] ?? new Uint8Array(1);
    const bytes =
      round % 4 === 0 ? random.bytes(random.below(200)) : mutate(Uint8Array.from(frame), random);
    if (decodeBoth(bytes).includes(true)) messages += 1;
  }
  // Some mutations only touch a text or a number: then the checks have been reached.
  expect(messages).toBeGreaterThan(100);
});

function mutate(bytes: Uint8Array, random: ReturnType<typeof createSeededRandom>): Uint8Array {
  const at = random.below(bytes.length);
  const length = random.below(12);
  switch (random.below(5)) {
    case 0:
      bytes[at] = random.below(256);
      return bytes;
    case 1:
      return joinRaw(bytes.subarray(0, at), random.bytes(length), bytes.subarray(at));
    case 2:
      return joinRaw(bytes.subarray(0, at), bytes.subarray(at + length));
    case 3:
      return joinRaw(bytes.subarray(0, at), bytes.subarray(random.below(bytes.length)));
    default:
      for (let round = 0; round < 4; round += 1)
        bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
  }
}

const full = wireLimits.messageBytesMax;
const giant = rawVarint(2n ** 31n - 1n);

/** Fills a message with as many parts as a frame may carry. */
function stuffed(
  field: number,
  part: Uint8Array | number[],
  wrap = (inside: Uint8Array) => inside,
) {
  const times = Math.floor((full - 64) / part.length);
  return rawBytes(field, wrap(repeatRaw(part, times)));
}

const bombs: readonly (readonly [string, Uint8Array])[] = [
  ["a length of 2 GiB", joinRaw([0x1a], giant)],
  ["a length of 2^64 − 1", joinRaw([0x1a], rawVarint(-1))],
  ["a column that says it has 2 GiB", rawBytes(3, joinRaw([0x3a], giant))],
  ["nothing but 0xff", new Uint8Array(full).fill(0xff)],
  ["nothing but zeros", new Uint8Array(full)],
  ["unknown numbers to the brim", repeatRaw(rawNumber(15, 1), full / 2)],
  ["unknown empty fields to the brim", repeatRaw(rawBytes(15), full / 2)],
  ["empty heartbeats to the brim", repeatRaw(rawBytes(7), full / 2)],
  ["empty series to the brim", stuffed(2, rawBytes(2))],
  ["empty attributes to the brim", stuffed(2, rawBytes(6), (inside) => rawBytes(2, inside))],
  ["empty columns to the brim", stuffed(3, rawBytes(7))],
  ["empty gaps to the brim", stuffed(3, rawBytes(8))],
  ["empty components to the brim", stuffed(4, rawBytes(19), (inside) => rawBytes(3, inside))],
  ["one text again and again", stuffed(5, rawBytes(3, "x"))],
  ["one number again and again", stuffed(3, rawNumber(1, 1))],
  ["digests to the brim", stuffed(2, rawBytes(1))],
  ["certificates to the brim", stuffed(1, rawBytes(12, "x"))],
  ["one text of a quarter mebibyte", rawBytes(5, rawBytes(3, "x".repeat(full - 64)))],
  [
    "one broken text of a quarter mebibyte",
    rawBytes(5, rawBytes(3, new Uint8Array(full - 64).fill(0x80))),
  ],
  ["a frame in a frame in a frame", nested(40)],
  ["groups to the brim", repeatRaw(rawGroupStart(15), full)],
  ["groups in a report to the brim", stuffed(3, rawGroupStart(9))],
  ["a report's series as far as numbers go", rawBytes(3, rawBytes(7, rawNumber(1, 0xffff_ffff)))],
  [
    "one column of a quarter million values that says it has one",
    rawBytes(
      3,
      rawNumber(5, 1),
      rawNumber(6, 1),
      rawBytes(2, new Uint8Array(16)),
      rawBytes(7, rawBytes(2, new Uint8Array(full - 128)), rawBytes(4, [1, 0, 0, 0, 0])),
    ),
  ],
];

function nested(depth: number): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(0);
  for (let level = 0; level < depth; level += 1) bytes = rawBytes(3, bytes);
  return bytes;
}

describe("no manager decodes, nor waits for,", () => {
  test.each(bombs)("%s", (_, bytes) => {
    expect(bytes.length).toBeLessThanOrEqual(full);
    const [asAgent] = decodeBoth(bytes);
    expect(asAgent).toBe(false);
    expect(cheapestDecodeMs(bytes)).toBeLessThan(50);
  });
});

test("groups may nest 16 deep in what is not known, and no deeper", () => {
  const heartbeat = rawBytes(7, rawNumber(2, 1));
  const groups = (depth: number) =>
    joinRaw(
      heartbeat,
      ...Array.from({ length: depth }, () => rawGroupStart(30)),
      ...Array.from({ length: depth }, () => rawGroupEnd(30)),
    );
  expect(decodeAgentFrame(groups(wireLimits.decodeDepthMax)).ok).toBe(true);
  expect(decodeAgentFrame(groups(wireLimits.decodeDepthMax + 1))).toMatchObject({
    problem: { kind: "too-deep" },
  });
});

test("a hostile frame takes little memory, and one beyond a count less", () => {
  const columns = stuffed(3, rawBytes(7, rawNumber(1, 1)));
  const largest = [...bombs.map(([, bytes]) => bytes), largestReport(), columns];
  const taken = allocatedBytes(largest);
  expect(taken).toHaveLength(largest.length);
  // The worst is one empty byte string again and again: garbage at once, 100 bytes for each.
  expect(Math.max(...taken)).toBeLessThan(16 * 1_024 * 1_024);
  const counted = bombs.flatMap(([name], index) => (/^empty/.test(name) ? [taken[index]] : []));
  expect(counted.length).toBeGreaterThan(5);
  // Of what is allowed, each is looked into before the one too many is met.
  for (const bytes of counted) expect(bytes).toBeLessThan(4 * 1_024 * 1_024);
});

/** As many columns as a report may have, all in order. */
function largestReport(): Uint8Array {
  const columns = Array.from({ length: wireLimits.seriesPerMessageMax }, (_, series) => ({
    ...sampleColumn(1, [series]),
    series,
  }));
  const report = { ...sampleReport, steps: 1, columns };
  const frame = encodeAgentFrame({ kind: "report", report });
  expect(decodeAgentFrame(frame).ok).toBe(true);
  return frame;
}

function allocatedBytes(list: readonly Uint8Array[]): readonly number[] {
  const script = join(import.meta.dirname, "../../test/support/decode-allocation.ts");
  const flags = ["--expose-gc", "--min-semi-space-size=128", "--max-semi-space-size=128"];
  const input = list.map((bytes) => Buffer.from(bytes).toString("base64")).join("\n");
  const printed = execFileSync(process.execPath, [...flags, script], { input, encoding: "utf8" });
  return JSON.parse(printed) as number[];
}

/** Of the processor, not of the wall: other tests run on the same machine. The best of five. */
function cheapestDecodeMs(bytes: Uint8Array): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round += 1) {
    const before = process.threadCpuUsage();
    decodeBoth(bytes);
    const { user, system } = process.threadCpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}
