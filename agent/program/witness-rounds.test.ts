import { expect, test } from "vitest";
import type { Collector } from "#agent/collectors/collector.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { witnessRounds } from "./witness-rounds.ts";

const collector = (subject: Collector["subject"], collect: () => null): Collector => ({
  subject,
  cadenceMs: 1_000,
  discover: () => ({ absences: [] }),
  collect,
  close: () => {},
});

test("each look of the first collector is a round, one that fails too", () => {
  let rounds = 0;
  const count = (): void => {
    rounds += 1;
  };
  const [first, second] = witnessRounds(
    [collector("cpu", () => null), collector("memory", () => null)],
    count,
  );
  void first?.collect(monotonicMs(1));
  void second?.collect(monotonicMs(1));
  expect(rounds).toBe(1);
  const [failing] = witnessRounds(
    [
      collector("cpu", () => {
        throw new Error("broken");
      }),
    ],
    count,
  );
  expect(() => failing?.collect(monotonicMs(2))).toThrow("broken");
  expect(rounds).toBe(2);
});

test("no collectors, no rounds", () => {
  expect(witnessRounds([], () => {})).toEqual([]);
});
