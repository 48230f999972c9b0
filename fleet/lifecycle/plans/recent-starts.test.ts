import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { planFleet } from "#test/support/plan-fleet.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createRecentStarts } from "./recent-starts.ts";

const hour = 3_600_000;

/** Ten starts, a second apart, and the wall clock leaps by `leapMs`; what the store says then. */
async function afterLeap(leapMs: number) {
  const world = createVirtualClock();
  const wall = world.hostClock({ wallOffsetMs: 0 });
  const recent = createRecentStarts(wall);
  const stored: number[] = [];
  for (let start = 0; start < 10; start += 1) {
    recent.note();
    stored.push(wall.nowUnixMs());
    await world.advance(1_000);
  }
  wall.jumpWall(leapMs);
  const seen = () => {
    const nowMs = wall.nowUnixMs();
    const startsMs = stored.filter((atMs) => atMs > nowMs - 60_000).map((atMs) => unixMs(atMs));
    return recent.seenIn({ ...planFleet(), nowMs, startsMs });
  };
  return { world, seen };
}

test.each([0, hour, -hour])(
  "ten starts of the last minute are ten, and none a minute later, after a leap of %i ms",
  async (leapMs) => {
    const { world, seen } = await afterLeap(leapMs);
    const { startsMs, nowMs } = seen();
    expect(startsMs.map((atMs) => nowMs - atMs)).toEqual(
      Array.from({ length: 10 }, (_, at) => 10_000 - at * 1_000),
    );
    await world.advance(60_000);
    expect(seen().startsMs).toEqual([]);
  },
);

test("what another manager began just now counts too", () => {
  const world = createVirtualClock();
  const nowMs = world.nowUnixMs();
  const startsMs = [unixMs(nowMs - 5_000), unixMs(nowMs - 2_000)];
  const recent = createRecentStarts(world);
  recent.note();
  expect(recent.seenIn({ ...planFleet(), nowMs, startsMs }).startsMs).toEqual(startsMs);
});
