import { expect, test } from "vitest";
import type { BootId } from "#proto/vocabulary/ids.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { decidePlace } from "./clone-guard.ts";

const oldBoot = "11111111-1111-4111-8111-111111111111" as BootId;
const newBoot = "22222222-2222-4222-8222-222222222222" as BootId;
const proofMs = 25_000;

function place(heardMs: number, doubtedMs: number | null, bootId: BootId = oldBoot) {
  return {
    bootId,
    heardMs: monotonicMs(heardMs),
    doubtedMs: doubtedMs === null ? null : monotonicMs(doubtedMs),
  };
}

test("the same boot takes its place back at once", () => {
  expect(decidePlace(place(99_999, null), oldBoot, monotonicMs(100_000), proofMs)).toEqual({
    kind: "take",
  });
});

test("another boot takes the place of a session that has been silent for the proof time", () => {
  expect(decidePlace(place(75_000, null), newBoot, monotonicMs(100_000), proofMs)).toEqual({
    kind: "take",
  });
});

test("another boot waits while the old session was heard a moment ago", () => {
  expect(decidePlace(place(95_000, null), newBoot, monotonicMs(100_000), proofMs)).toEqual({
    kind: "wait",
    retryAfterMs: 20_000,
  });
});

test("an old session that still speaks after a newcomer called is a second machine", () => {
  expect(decidePlace(place(110_000, 100_000), newBoot, monotonicMs(120_000), proofMs)).toEqual({
    kind: "clone",
  });
});

test("words that were under way when the machine went down do not make it a clone", () => {
  expect(decidePlace(place(101_500, 100_000), newBoot, monotonicMs(120_000), proofMs)).toEqual({
    kind: "wait",
    retryAfterMs: 6_500,
  });
  expect(decidePlace(place(101_500, 100_000), newBoot, monotonicMs(126_500), proofMs)).toEqual({
    kind: "take",
  });
});

test("a machine that fell silent after it had spoken gives the place up in the end", () => {
  expect(decidePlace(place(110_000, 100_000), newBoot, monotonicMs(135_000), proofMs)).toEqual({
    kind: "take",
  });
});
