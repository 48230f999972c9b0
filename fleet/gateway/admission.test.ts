import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { type AdmissionSettings, admissionDefaults, createAdmission } from "./admission.ts";

function world(settings: Partial<AdmissionSettings> = {}) {
  const clock = createVirtualClock();
  let lateMs = 0;
  /** Timers fire late by `lateMs`, as in a loop that is busy. */
  const busyClock: Clock = {
    nowUnixMs: clock.nowUnixMs,
    nowMonotonicMs: () => monotonicMs(clock.nowMonotonicMs()),
    after: (delayMs, callback) => clock.after(delayMs + lateMs, callback),
  };
  const admission = createAdmission(busyClock, { ...admissionDefaults, ...settings });
  const inside: (() => void)[] = [];
  const turnedAway: string[] = [];
  const ask = () =>
    admission.ask({
      enter: (leave) => inside.push(leave),
      turnAway: (why) => turnedAway.push(why),
    });
  return {
    clock,
    admission,
    inside,
    turnedAway,
    ask,
    beLate: (ms: number) => {
      lateMs = ms;
    },
  };
}

test("so many are let in at once, the next when one has left, in order", () => {
  const { admission, inside, ask } = world({ handshakesMax: 2 });
  for (let index = 0; index < 4; index += 1) ask();
  expect(inside).toHaveLength(2);
  expect(admission.waiting()).toBe(2);
  inside[0]?.();
  inside[0]?.();
  expect(inside).toHaveLength(3);
  expect(admission.waiting()).toBe(1);
  admission.stop();
});

test("whoever waited too long, or finds the queue full, is turned away", async () => {
  const { clock, inside, turnedAway, ask, admission } = world({ handshakesMax: 1, waitingMax: 2 });
  for (let index = 0; index < 4; index += 1) ask();
  expect(turnedAway).toEqual(["too many wait to be let in"]);
  await clock.advance(31_000);
  expect(inside).toHaveLength(1);
  expect(turnedAway).toHaveLength(3);
  admission.stop();
});

test("whoever left the queue is not let in", () => {
  const { inside, ask, admission } = world({ handshakesMax: 1 });
  ask();
  const leave = ask();
  ask();
  leave();
  leave();
  expect(admission.waiting()).toBe(1);
  inside[0]?.();
  expect(inside).toHaveLength(2);
  admission.stop();
});

test("a loop that is late for 2 s lets nobody in, and lets them in again once it keeps up", async () => {
  const { clock, inside, ask, admission, beLate } = world();
  beLate(150);
  await clock.advance(1_500);
  ask();
  expect(inside).toHaveLength(1);
  await clock.advance(2_000);
  expect(admission.isClosed()).toBe(true);
  ask();
  expect(inside).toHaveLength(1);
  beLate(0);
  await clock.advance(1_000);
  expect(admission.isClosed()).toBe(false);
  expect(inside).toHaveLength(2);
  admission.stop();
});

test("a short hiccup closes nothing", async () => {
  const { clock, admission, beLate } = world();
  beLate(500);
  await clock.advance(1_200);
  beLate(0);
  await clock.advance(1_000);
  expect(admission.isClosed()).toBe(false);
  admission.stop();
});

test("a stop turns away who still waits", () => {
  const { admission, ask, turnedAway, clock } = world({ handshakesMax: 1 });
  ask();
  ask();
  admission.stop();
  expect(turnedAway).toEqual(["the manager is stopping"]);
  expect(clock.timers()).toBe(0);
});
