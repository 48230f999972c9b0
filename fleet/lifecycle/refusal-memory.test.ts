import { expect, test } from "vitest";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { ann } from "#test/support/drain-builders.ts";
import { planIdOf } from "#test/support/life-builders.ts";
import { openLifeWorld, someHost } from "#test/support/life-world.ts";
import { createRefusalMemory } from "./refusal-memory.ts";

test("what a plan is refused with in round after round is news once, and again when it is something else", () => {
  const { isNoted, note } = createRefusalMemory();
  const ask = (codes: string) => {
    const was = isNoted(planIdOf(1), hostIdOf(1), codes);
    note(planIdOf(1), hostIdOf(1), codes);
    return was;
  };
  expect([ask("phase"), ask("phase"), ask("hold"), ask("hold"), ask("phase")]).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
  expect(isNoted(planIdOf(1), hostIdOf(2), "phase")).toBe(false);
  expect(isNoted(planIdOf(2), hostIdOf(1), "phase")).toBe(false);
});

test("what somebody asked of a single host is news each time", () => {
  const { isNoted, note } = createRefusalMemory();
  note(null, hostIdOf(1), "phase");
  expect(isNoted(null, hostIdOf(1), "phase")).toBe(false);
});

test("a refusal that the store could not take is noted when the plan asks again, and then no more", async () => {
  const full: { isOn: boolean } = { isOn: true };
  const world = await openLifeWorld({
    hosts: [someHost({ phase: "drained" })],
    wrapStore: (store) => ({
      ...store,
      async commit(change) {
        if (full.isOn) throw new Error("the disk is full");
        return store.commit(change);
      },
    }),
  });
  const ask = () =>
    world.manager().lifecycle.start({
      hostId: hostIdOf(1),
      action: { kind: "clear" },
      planId: planIdOf(1),
      asker: ann,
    });
  await expect(ask()).rejects.toThrow("the disk is full");
  full.isOn = false;
  await ask();
  await ask();
  expect(await world.store.audit.list({ beforeSeq: null, limit: 9 })).toMatchObject([
    { action: "operation.start", outcome: "denied" },
  ]);
  await world.close();
});
