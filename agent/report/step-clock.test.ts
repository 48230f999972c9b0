import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { createStepClock, type StepClockSettings } from "./step-clock.ts";

const settings = (given: Partial<StepClockSettings> = {}): StepClockSettings => ({
  stepMs: 1_000,
  staggerMs: 0,
  now: monotonicMs(10_400),
  unixOfNow: unixMs(1_700_000_000_400),
  dueMs: null,
  ...given,
});

test("marks are whole seconds of the time of day, wherever the monotonic clock stands", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 ** 10 }),
      fc.integer({ min: -(10 ** 12), max: 10 ** 13 }),
      (now, unixOfNow) => {
        const clock = createStepClock(
          settings({ now: monotonicMs(now), unixOfNow: unixMs(unixOfNow) }),
        );
        const { originMs } = clock.grid;
        expect(originMs).toBeGreaterThanOrEqual(0);
        expect(originMs).toBeLessThan(1_000);
        const unixOfOrigin = unixOfNow - now + originMs;
        expect(((unixOfOrigin % 1_000) + 1_000) % 1_000).toBe(0);
      },
    ),
  );
});

test("each mark is taken once, some time after it, by the host's own offset", () => {
  const clock = createStepClock(settings({ staggerMs: 300 }));
  expect(clock.waitMs(monotonicMs(10_400))).toBe(900);
  const taken = clock.take(monotonicMs(11_300));
  expect(taken).toMatchObject({ kind: "step", missed: 0 });
  expect(clock.take(monotonicMs(11_300))).toEqual({ kind: "early" });
  expect(clock.take(monotonicMs(12_299))).toEqual({ kind: "early" });
  expect(clock.waitMs(monotonicMs(11_300))).toBe(1_000);
});

test("a late tick makes missing steps, never invented ones", () => {
  const clock = createStepClock(settings());
  clock.take(monotonicMs(11_000));
  const taken = clock.take(monotonicMs(14_900));
  expect(taken).toMatchObject({ kind: "step", missed: 2 });
  expect(clock.grid.originMs + (taken.kind === "step" ? taken.index : 0) * 1_000).toBe(14_000);
});

test("five missed steps are a sleep, from the first that is missing to the one that is taken", () => {
  const clock = createStepClock(settings());
  clock.take(monotonicMs(11_000));
  expect(clock.take(monotonicMs(17_100))).toMatchObject({
    kind: "woke",
    fromMonotonicMs: 12_000,
    toMonotonicMs: 17_000,
  });
  expect(clock.take(monotonicMs(18_050))).toMatchObject({ kind: "step", missed: 0 });
});

test("before the mark that it was told to wait for, nothing is due", () => {
  const clock = createStepClock(settings({ dueMs: monotonicMs(21_000) }));
  expect(clock.waitMs(monotonicMs(10_400))).toBe(10_600);
  expect(clock.take(monotonicMs(20_900))).toEqual({ kind: "early" });
  expect(clock.take(monotonicMs(21_000))).toMatchObject({ kind: "step", missed: 0 });
});

test("an index means the same time in a new grid of the same phase", () => {
  const before = createStepClock(settings());
  const first = before.take(monotonicMs(11_000));
  const after = createStepClock(settings({ dueMs: before.dueMs() }));
  const second = after.take(monotonicMs(12_000));
  const indexOf = (taken: typeof first) => (taken.kind === "early" ? Number.NaN : taken.index);
  expect(indexOf(second)).toBe(indexOf(first) + 1);
});
