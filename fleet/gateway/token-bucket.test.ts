import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createTokenBucket } from "./token-bucket.ts";

test("a burst passes, the next message does not, and one more passes after its share of a second", () => {
  const bucket = createTokenBucket({ perSecond: 20, burst: 100 });
  for (let index = 0; index < 100; index += 1) expect(bucket.take(monotonicMs(5))).toBe(true);
  expect(bucket.take(monotonicMs(5))).toBe(false);
  expect(bucket.take(monotonicMs(54))).toBe(false);
  expect(bucket.take(monotonicMs(56))).toBe(true);
  expect(bucket.take(monotonicMs(56))).toBe(false);
});

test("a bucket never holds more than its burst, and says when it is full again", () => {
  const bucket = createTokenBucket({ perSecond: 10, burst: 2 });
  expect(bucket.isFull(monotonicMs(0))).toBe(true);
  expect(bucket.take(monotonicMs(0))).toBe(true);
  expect(bucket.isFull(monotonicMs(50))).toBe(false);
  expect(bucket.isFull(monotonicMs(1_000_000))).toBe(true);
  expect(bucket.take(monotonicMs(1_000_000))).toBe(true);
  expect(bucket.take(monotonicMs(1_000_000))).toBe(true);
  expect(bucket.take(monotonicMs(1_000_000))).toBe(false);
});
