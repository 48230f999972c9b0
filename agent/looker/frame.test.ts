import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { encodeFrame, FrameCollector, type FrameState } from "./frame.ts";

const bytesMax = 2_000;

function feed(bytes: Uint8Array, cuts: readonly number[]): FrameState {
  const collector = new FrameCollector(bytesMax);
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length].sort(
    (a, b) => a - b,
  );
  let state: FrameState = { kind: "incomplete" };
  for (let at = 1; at < places.length; at += 1) {
    state = collector.take(bytes.subarray(places[at - 1], places[at]));
    if (state.kind === "broken") return state;
  }
  return state;
}

test("a frame is the same value in whatever pieces it comes", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 3 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (value, cuts) => {
        const frame = encodeFrame(value);
        fc.pre(frame.length <= bytesMax);
        expect(feed(frame, cuts)).toEqual({
          kind: "whole",
          value: JSON.parse(JSON.stringify(value)),
        });
      },
    ),
  );
});

test("any bytes at all are a value, broken or not all there yet, and nothing is thrown", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.nat(), { maxLength: 4 }),
      (bytes, cuts) => {
        expect(["whole", "broken", "incomplete"]).toContain(feed(bytes, cuts).kind);
      },
    ),
  );
});

test("a length that is too large is refused before its bytes come", () => {
  expect(feed(Uint8Array.of(0, 0, 8, 0), [])).toMatchObject({ kind: "broken" });
  expect(feed(Uint8Array.of(0xff, 0xff, 0xff, 0xff), [1, 2, 3])).toMatchObject({ kind: "broken" });
});

test("bytes after the frame, no JSON, and what is not UTF-8 are broken", () => {
  const frame = encodeFrame({ kind: "list" });
  expect(feed(Buffer.concat([frame, Buffer.from("x")]), []).kind).toBe("broken");
  expect(feed(Buffer.from("\0\0\0\u0003{a}"), []).kind).toBe("broken");
  expect(feed(Uint8Array.of(0, 0, 0, 3, 0x22, 0xff, 0x22), []).kind).toBe("broken");
  expect(feed(Uint8Array.of(0, 0, 0, 0), []).kind).toBe("broken");
});
