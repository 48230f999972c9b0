import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createTokenBucket } from "./token-bucket.ts";

const at = monotonicMs;

test("a burst goes at once, then so many a second", () => {
  const bucket = createTokenBucket({ perSecond: 4, burst: 3 }, at(0));
  expect([0, 0, 0, 0].map((now) => bucket.take(at(now)))).toEqual([true, true, true, false]);
  expect(bucket.waitMs(at(0))).toBeGreaterThanOrEqual(250);
  expect(bucket.take(at(bucket.waitMs(at(0))))).toBe(true);
  let taken = 0;
  for (let now = 1_000; now < 11_000; now += 10) if (bucket.take(at(now))) taken += 1;
  expect(taken).toBeGreaterThanOrEqual(40);
  expect(taken).toBeLessThanOrEqual(43);
});

test("whoever waits as long as it is told finds one", () => {
  const bucket = createTokenBucket({ perSecond: 3.3, burst: 1 }, at(0));
  let now = 0;
  for (let turn = 0; turn < 1_000; turn += 1) {
    now += bucket.waitMs(at(now));
    expect(bucket.take(at(now))).toBe(true);
  }
});

test("a clock that is asked out of order gives nothing away", () => {
  const bucket = createTokenBucket({ perSecond: 1, burst: 1 }, at(10_000));
  expect(bucket.take(at(10_000))).toBe(true);
  expect(bucket.take(at(5_000))).toBe(false);
  expect(bucket.take(at(10_500))).toBe(false);
});
