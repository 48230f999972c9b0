import { expect, test } from "vitest";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { createTimeAnchor } from "./time-anchor.ts";

const noon = Date.UTC(2026, 10, 2, 12);
const year = 365 * 86_400_000;
const at = (wall: number, monotonic: number) =>
  createTimeAnchor(unixMs(wall), monotonicMs(monotonic));

test("before a manager spoke, the host's wall clock says what time it is", () => {
  const time = at(noon, 5_000);
  expect(time.unixOf(monotonicMs(6_500))).toBe(noon + 1_500);
  expect(time.standing()).toBe("unknown");
  expect(time.offsetMs()).toBeNull();
});

test("an offset of up to 30 s leaves the host's clock in its right", () => {
  const time = at(noon + 30_000, 0);
  expect(time.observeManager(unixMs(noon), monotonicMs(0), 0)).toBe(0);
  expect(time.offsetMs()).toBe(30_000);
  expect(time.standing()).toBe("off");
  expect(time.unixOf(monotonicMs(0))).toBe(noon + 30_000);
});

test.each([
  [500, "good"],
  [-2_000, "good"],
  [2_001, "off"],
  [-29_000, "off"],
  [30_001, "wrong"],
  [-30 * year, "wrong"],
])("an offset of %i ms is %s", (offset, standing) => {
  const time = at(noon + offset, 0);
  time.observeManager(unixMs(noon), monotonicMs(0), 0);
  expect(time.standing()).toBe(standing);
});

test("a clock that is thirty years off gives way to the manager's, by whole seconds", () => {
  const time = at(noon - 30 * year - 123, 1_000);
  const moveMs = time.observeManager(unixMs(noon), monotonicMs(1_000), 0);
  expect(moveMs % 1_000).toBe(0);
  time.apply(moveMs);
  expect(Math.abs(time.unixOf(monotonicMs(1_000)) - noon)).toBeLessThanOrEqual(500);
});

test("half of the round trip is taken off", () => {
  const time = at(noon, 10_000);
  time.observeManager(unixMs(noon - 200), monotonicMs(10_000), 400);
  expect(time.offsetMs()).toBe(0);
});

test("a wall clock that jumps while a manager is known is caught at once", () => {
  const time = at(noon, 0);
  time.observeManager(unixMs(noon), monotonicMs(0), 0);
  expect(time.observeWall(unixMs(noon + 3_600_000 + 10_000), monotonicMs(10_000))).toBe(0);
  expect(time.standing()).toBe("wrong");
  expect(time.unixOf(monotonicMs(10_000))).toBe(noon + 10_000);
});

test("a wall clock that is set right is followed", () => {
  const time = at(noon - 30 * year, 0);
  const moveMs = time.observeWall(unixMs(noon + 1_000), monotonicMs(1_000));
  expect(moveMs).toBe(30 * year);
  time.apply(moveMs);
  expect(time.unixOf(monotonicMs(1_000))).toBe(noon + 1_000);
});

test("less than a second is left alone", () => {
  const time = at(noon, 0);
  expect(time.observeWall(unixMs(noon + 10_999), monotonicMs(10_000))).toBe(0);
});

test("around the limit the standing does not flap", () => {
  const time = at(noon + 31_000, 0);
  time.observeManager(unixMs(noon), monotonicMs(0), 0);
  expect(time.standing()).toBe("wrong");
  time.observeWall(unixMs(noon + 29_000), monotonicMs(0));
  expect(time.standing()).toBe("wrong");
  time.observeWall(unixMs(noon + 24_000), monotonicMs(0));
  expect(time.standing()).toBe("off");
});

test("commands expire by the manager's clock, whatever the host's says", () => {
  const time = at(noon + 20_000, 0);
  time.observeManager(unixMs(noon), monotonicMs(0), 0);
  expect(time.managerUnixOf(monotonicMs(5_000))).toBe(noon + 5_000);
});
