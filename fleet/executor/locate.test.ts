import { afterEach, beforeEach, expect, test } from "vitest";
import type { PlanAction } from "#fleet/lifecycle/plan.ts";
import { ann } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";

const lit: PlanAction = { kind: "locate", isOn: true, forMs: 600_000 };
const dark: PlanAction = { kind: "locate", isOn: false, forMs: 600_000 };

let world: ExecutorWorld;
beforeEach(async () => {
  world = await openExecutorWorld();
});
afterEach(() => world.close());

test("a light blinks until its end, lit anew before it goes out, and is put out then", async () => {
  const { id } = await world.start(lit);
  await world.until(async () => world.bmc.isLit);
  for (let minute = 0; minute < 9; minute += 1) {
    await world.life.clock.advance(60_000);
    expect(world.bmc.isLit).toBe(true);
  }
  await world.until(async () => (await world.operation(id)).endedMs !== null);
  expect(world.bmc.isLit).toBe(false);
  expect(await world.operation(id)).toMatchObject({ status: "done" });
  expect(world.bmc.taken).toEqual([
    "light 240000",
    "light 240000",
    "light 240000",
    "light 240000",
    "light 0",
  ]);
});

test("put out before its end, it is the same operation; asked for longer, it blinks on", async () => {
  const first = await world.start(lit);
  await world.until(async () => world.bmc.isLit);
  const longer = await world.start({ ...lit, forMs: 3_600_000 });
  expect(longer).toMatchObject({ id: first.id, epoch: first.epoch + 1 });
  await world.life.clock.advance(900_000);
  expect(world.bmc.isLit).toBe(true);
  await world.start(dark);
  await world.until(async () => (await world.operation(first.id)).endedMs !== null);
  expect([world.bmc.isLit, (await world.operation(first.id)).status]).toEqual([false, "done"]);
});

test("canceled, and with a manager that died, it goes out by itself", async () => {
  const { id } = await world.start(lit);
  await world.until(async () => world.bmc.isLit);
  expect(await world.life.manager().lifecycle.cancel(id, ann)).toMatchObject({ ok: true });
  await world.life.clock.advance(250_000);
  expect(world.bmc.isLit).toBe(false);
});

test("a controller that does not say whether it blinks is taken at its word, and that is told", async () => {
  world.bmc.lies.isLightMute = true;
  const { id } = await world.start(lit);
  await world.until(async () => (await world.operation(id)).step === "keep");
  expect((await world.operation(id)).history[0]?.evidence).toContain("does not say");
});

test("a light may blink on a host that is frozen, and not by a BMC that nobody knows", async () => {
  const frozen = {
    code: "freeze",
    words: "frozen by ann",
    who: "two operators",
    command: null,
    untilMs: null,
  } as const;
  world.life.brakes = [frozen];
  const { hostId } = world;
  const { lifecycle } = world.life.manager();
  const ask = { hostId, planId: null, asker: ann };
  expect(await lifecycle.start({ ...ask, action: { kind: "reboot", graceMs: 1 } })).toMatchObject({
    ok: false,
  });
  expect(await lifecycle.start({ ...ask, action: lit })).toMatchObject({ ok: true });
});
