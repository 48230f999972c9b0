import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { drainOperation } from "#test/support/drain-builders.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { leaseRecord, operationIdOf } from "#test/support/life-builders.ts";
import { someHost } from "#test/support/life-world.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { decideDeadline, deadlineOf, isTimerFor, stalledWhy } from "./decide-deadline.ts";
import type { HostFacts } from "./decision.ts";
import type { OperationRecord } from "./operation.ts";

const factsOf = (operation: OperationRecord): HostFacts => ({
  host: someHost({ epoch: 1 }),
  holds: [],
  leases: [leaseRecord(1)],
  operation,
});
const over = unixMs(virtualStartMs + 2 * 3_600_000);

test("a timer fires only for its host, operation and epoch, while that is open (L5)", () => {
  const operation = drainOperation({ epoch: 3 });
  const timer = { hostId: operation.hostId, operationId: operation.id, epoch: 3 };
  expect(isTimerFor(timer, operation)).toBe(true);
  expect(isTimerFor({ ...timer, epoch: 2 }, operation)).toBe(false);
  expect(isTimerFor({ ...timer, operationId: operationIdOf(2) }, operation)).toBe(false);
  expect(isTimerFor({ ...timer, hostId: hostIdOf(2) }, operation)).toBe(false);
  expect(isTimerFor(timer, { ...operation, endedMs: over })).toBe(false);
  expect(isTimerFor(timer, null)).toBe(false);
});

test("before its deadline nothing happens; at it a drain pauses with what is left and three exits", () => {
  const operation = drainOperation(
    { step: "evacuate", stepState: "waiting" },
    { remaining: ["a", "b", "c", "d", "e", "f", "g"] },
  );
  const facts = factsOf(operation);
  expect(decideDeadline(facts, operation, unixMs(over - 1)).kind).toBe("same");
  const decision = decideDeadline(facts, operation, over);
  expect(decision).toMatchObject({ kind: "change", value: { status: "paused", epoch: 1 } });
  if (decision.kind !== "change") return;
  const { why } = decision.value;
  expect(why[0]?.words).toBe(
    "the deadline is over and host-1 is not empty: a, b, c, d, e and 2 more; 1 lease",
  );
  expect(why.map(({ command }) => command?.split(" ").slice(1, 3).join(" "))).toEqual([
    "op resume",
    "op cancel",
    "host drain",
  ]);
});

test("what a paused drain waited for is told as what was so until then: time ends it no more", () => {
  const moves = { code: "agent", words: "moving or stopping: db", command: "cancel" } as const;
  const lease = {
    code: "lease",
    words: "its lease waits",
    who: "its tenant",
    command: "end",
  } as const;
  const operation = drainOperation({
    step: "evacuate",
    stepState: "waiting",
    why: [
      { ...moves, who: "time, when that has gone", untilMs: over },
      { ...lease, untilMs: null },
    ],
  });
  const decision = decideDeadline(factsOf(operation), operation, over);
  if (decision.kind !== "change") throw new Error("it pauses at its deadline");
  expect(decision.value.why.slice(3)).toEqual([
    { ...moves, words: `until then: ${moves.words}`, who: "an operator", untilMs: null },
    { ...lease, untilMs: null },
  ]);
});

test("a forced drain has room after its deadline to prove what it stopped, and then pauses too", () => {
  const operation = drainOperation({}, { force: true });
  expect(deadlineOf(operation)).toBe(over + 300_000);
  const facts = factsOf(operation);
  expect(decideDeadline(facts, operation, over).kind).toBe("same");
  expect(decideDeadline(facts, operation, unixMs(over + 300_000))).toMatchObject({
    kind: "change",
    value: { status: "paused" },
  });
});

test("a paused operation has no deadline, and what is no drain fails at its own", () => {
  const paused = drainOperation({ status: "paused" });
  expect(decideDeadline(factsOf(paused), paused, over).kind).toBe("same");
  const reboot = drainOperation({
    kind: "reboot",
    step: "back",
    detail: { kind: "reboot", bootIdBefore: "boot-1", graceMs: 0 },
    why: [{ code: "link", words: "it is starting", who: "it", command: null, untilMs: null }],
  });
  expect(decideDeadline(factsOf(reboot), reboot, over)).toMatchObject({
    kind: "change",
    value: { status: "failed", why: [{ code: "link" }] },
  });
});

test("an evacuation is stalled after 20 minutes without progress, no other step is", () => {
  const operation = drainOperation(
    { step: "evacuate", stepState: "waiting" },
    { remaining: ["db"] },
  );
  const at = (minutes: number) => virtualStartMs + minutes * 60_000;
  expect(stalledWhy(operation, at(19))).toBeNull();
  expect(stalledWhy(operation, at(20))?.words).toBe("no progress since 08:00 UTC: db");
  expect(stalledWhy({ ...operation, step: "prove" }, at(20))).toBeNull();
  expect(stalledWhy({ ...operation, stepState: "intent" }, at(20))).toBeNull();
});
