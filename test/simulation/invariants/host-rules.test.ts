import { expect, test } from "vitest";
import type { OrderEntry, OrderFacts } from "#agent/journal/order-journal.ts";
import type { BootId } from "#proto/vocabulary/ids.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { watchRules } from "./checker.ts";
import { s3AtHost } from "./host-rules.ts";
import type { Seen } from "./seen.ts";

const hostId = hostIdOf(1);

const begun = (epoch: number): OrderEntry => ({
  commandId: `command-${epoch}`,
  key: `operation ${epoch} reboot 10000`,
  action: "reboot",
  epoch,
  bootId: "00000000-0000-4000-8000-000000000001" as BootId,
  state: "started",
  answer: null,
});

const restarts = (...orders: readonly OrderEntry[]): Seen => {
  const noted: OrderFacts = {
    ...{ format: 1, hostId, generation: 1, epoch: 3, term: 1 },
    ...{ fence: null, evacuation: null, orders },
  };
  const effect = { kind: "reboot", operationId: null, epoch: null, isHard: false } as const;
  return { kind: "effect", atMs: virtualStartMs, hostId, effect, noted };
};

function foundIn(...seen: readonly Seen[]): readonly string[] {
  const rules = watchRules([s3AtHost]);
  for (const one of seen) rules.see(one);
  return rules.findings.map(({ words }) => words);
}

test("a second order restarts a host that could not note the end of the first, its disk was full", () => {
  expect(foundIn(restarts(begun(2)), restarts(begun(2), begun(3)))).toEqual([]);
});

test("one order that restarts a host twice is found, also where another one came between", () => {
  const again = [`host ${hostId} restarts again by operation 2 reboot 10000`];
  expect(foundIn(restarts(begun(2)), restarts(begun(2)))).toEqual(again);
  const three = { ...begun(3), state: "done", answer: { result: "done", detail: "" } } as const;
  expect(foundIn(restarts(begun(2)), restarts(begun(2), three))).toEqual(again);
});

test("a host that restarts by nobody's order is found", () => {
  expect(foundIn(restarts())).toEqual([`host ${hostId} restarts by nobody's order`]);
});
