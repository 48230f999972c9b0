import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { operationRecord } from "#test/support/life-builders.ts";
import type { OperationRecord } from "./operation.ts";
import type { PowerOrder } from "./power.ts";
import { createSwitchedOff } from "./switched-off.ts";

const atMs = 1_790_000_000_000;
const hostId = hostIdOf(1);
const power = (order: PowerOrder, facts: Partial<OperationRecord> = {}) =>
  operationRecord(1, {
    hostId,
    kind: "power",
    status: "done",
    endedMs: unixMs(atMs),
    detail: {
      kind: "power",
      power: order,
      bootIdBefore: null,
      ordered: null,
      seenSinceMs: null,
    },
    ...facts,
  });
const locate = operationRecord(2, { hostId, kind: "locate", status: "done" });

async function isOff(operations: readonly OperationRecord[], silentSinceMs = atMs - 5_000) {
  const switchedOff = createSwitchedOff({ listOperations: async () => operations });
  const loss = { host: hostRecord(1), silentSinceMs: unixMs(silentSinceMs) };
  return (await switchedOff.among([loss])).has(hostId);
}

test("a host is off on purpose when its last order of power was that, and it was not heard since", async () => {
  expect(await isOff([power("off")])).toBe(true);
  expect(await isOff([power("soft")])).toBe(true);
  expect(await isOff([locate, power("off")])).toBe(true);
});

test("one that came back before it fell silent, that was switched on, or whose order failed is lost", async () => {
  expect(await isOff([power("off")], atMs + 3_600_000)).toBe(false);
  expect(await isOff([power("on"), power("off")])).toBe(false);
  expect(await isOff([power("cycle")])).toBe(false);
  expect(await isOff([power("off", { status: "failed" })])).toBe(false);
  expect(await isOff([locate])).toBe(false);
});

test("the store is asked once for each silence", async () => {
  let asked = 0;
  const switchedOff = createSwitchedOff({
    async listOperations() {
      asked += 1;
      return [power("off")];
    },
  });
  const loss = { host: hostRecord(1), silentSinceMs: unixMs(atMs) };
  for (let turn = 0; turn < 3; turn += 1) await switchedOff.among([loss]);
  expect(asked).toBe(1);
  expect(
    (await switchedOff.among([{ ...loss, silentSinceMs: unixMs(atMs + 3_600_000) }])).size,
  ).toBe(0);
  expect(asked).toBe(2);
  expect((await switchedOff.among([])).size).toBe(0);
});
