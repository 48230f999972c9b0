import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { decodeManagerFrame, encodeManagerFrame } from "./manager-frames.ts";
import { decodePlainAck } from "./plain-ack.ts";
import { schema } from "./schema.ts";

const number = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const encode = (ranges: readonly { first: number; last: number }[], interval: number | null) =>
  schema.ManagerFrame.encode({ ack: { ranges: [...ranges], reportIntervalMs: interval } }).finish();

test("an acknowledgement of one range is read as it was written", () => {
  fc.assert(
    fc.property(number, number, (one, other) => {
      const first = Math.max(1, Math.min(one, other));
      const last = Math.max(first, one, other);
      const ack = { ranges: [{ first, last }], reportIntervalMs: null };
      expect(decodePlainAck(encodeManagerFrame({ kind: "ack", ack }))).toEqual(ack);
    }),
  );
});

test("what it reads, the general way reads the same, whatever the bytes", () => {
  const range = fc.record({ first: number, last: number });
  const frames = fc
    .tuple(fc.array(range, { maxLength: 3 }), fc.option(fc.nat(60_000)))
    .map(([ranges, interval]) => encode(ranges, interval));
  const damaged = fc
    .tuple(frames, fc.array(fc.tuple(fc.nat(30), fc.nat(255)), { maxLength: 3 }), fc.nat(3))
    .map(([frame, changes, cut]) => {
      const bytes = Uint8Array.from(frame.subarray(0, Math.max(0, frame.length - cut)));
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(damaged, (bytes) => {
      const ack = decodePlainAck(bytes);
      if (ack === null) return;
      expect(decodeManagerFrame(bytes)).toEqual({ ok: true, value: { kind: "ack", ack } });
      const { ranges } = schema.ManagerFrame.decode(bytes).ack ?? {};
      expect(ranges).toMatchObject(ack.ranges);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["none", []],
  [
    "two",
    [
      { first: 1, last: 1 },
      { first: 2, last: 2 },
    ],
  ],
  ["one from zero", [{ first: 0, last: 4 }]],
  ["one that ends before it begins", [{ first: 5, last: 4 }]],
])("%s is not plain", (_, ranges) => {
  expect(decodePlainAck(encode(ranges, null))).toBeNull();
});
