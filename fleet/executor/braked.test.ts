import { afterEach, beforeEach, expect, test } from "vitest";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";
import { planIdOf } from "#test/support/life-builders.ts";

const event = {
  code: "domain-event",
  words: "3 of 10 hosts of rack fra2/row-a/rack-01 were lost together",
  who: "an operator",
  command: null,
  untilMs: null,
} as const;

let world: ExecutorWorld;
beforeEach(async () => {
  world = await openExecutorWorld();
});
afterEach(() => world.close());

test("a host that was lost with its neighbours is not restarted when it is back, until a person has looked", async () => {
  world.setConnected(false);
  const operation = await world.start({ kind: "reboot", graceMs: 30_000 }, planIdOf(1));
  await world.life.clock.advance(100_000);
  world.stopped = event;
  world.setConnected(true);
  await world.life.clock.advance(400_000);
  expect(world.port.host(world.hostId).done).toEqual([]);
  expect(await world.operation(operation.id)).toMatchObject({ step: "ask", why: [event] });
  world.stopped = null;
  await world.until(async () => (await world.operation(operation.id)).status === "done");
});

test("an order of power that has not been given is not given under a domain event", async () => {
  const operation = await world.start({ kind: "power", power: "off" }, planIdOf(1));
  world.stopped = event;
  await world.life.clock.advance(300_000);
  expect((await world.operation(operation.id)).why).toEqual([event]);
  world.stopped = null;
  await world.until(async () => (await world.operation(operation.id)).step === "seen");
});
