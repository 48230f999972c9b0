import { afterEach, beforeEach, expect, test } from "vitest";
import { createFederationWorld, type FederationWorld } from "#test/support/federation-world.ts";
import { federationLimits } from "./federation-limits.ts";

let world: FederationWorld;
beforeEach(async () => {
  world = await createFederationWorld(["na", "eu"]);
  world.open.start();
  await world.lookAtAll();
  world.events.length = 0;
});
afterEach(() => world.close());

const cell = (index: number) => {
  const found = world.cells[index];
  if (found === undefined) throw new Error(`no cell ${index}`);
  return found;
};
const eventText = (
  id: string,
  event: { readonly kind: string; readonly [field: string]: unknown },
) => `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await world.clock.settle();
};

test("what happens in a cell is handed on, with what an event may carry and nothing else", async () => {
  const told = { kind: "link-changed", hostId: "h-1", state: "lost" };
  cell(0).say(eventText("r1-7", { ...told, name: "<script>", deep: { a: 1 } }));
  cell(1).say(eventText("r2-1", { kind: "plan-changed", planId: "p-1" }));
  cell(1).say(eventText("r2-2", { kind: "freeze-changed" }));
  await settle();
  expect(world.events).toEqual([
    told,
    { kind: "plan-changed", planId: "p-1" },
    { kind: "freeze-changed" },
  ]);
});

test.each([
  ["a kind that nobody knows", { kind: "rm-rf", hostId: "h" }],
  ["a cell that speaks for another one", { kind: "cell-changed", cell: "eu", state: "stale" }],
  ["nothing beside the kind", { kind: "host-changed" }],
  ["words about no host", { kind: "host-changed", state: "lost", planId: "p-1" }],
  ["an id without an end", { kind: "host-changed", hostId: "x".repeat(65) }],
])("%s is passed over", async (_, event) => {
  cell(0).say(eventText("r1-1", event));
  cell(0).say(eventText("r1-2", { kind: "host-state", hostId: "h-2" }));
  await settle();
  expect(world.events).toEqual([{ kind: "host-state", hostId: "h-2" }]);
});

test("a stream that breaks off comes back after a random wait, with the last id that was heard", async () => {
  cell(0).say(eventText("r1-7", { kind: "host-state", hostId: "h-1" }));
  await settle();
  cell(0).say("END");
  await settle();
  expect(cell(0).streams).toEqual([null]);
  await world.clock.advance(federationLimits.streamRetryMsMin);
  await settle();
  expect(cell(0).streams).toEqual([null, "r1-7"]);
});

test("a stream that says nothing for 45 s is let go: a dead wire looks like a quiet fleet", async () => {
  await world.clock.advance(federationLimits.streamSilenceMsMax + 1);
  await world.clock.advance(federationLimits.streamRetryMsMin);
  await settle();
  expect(cell(0).streams.length).toBeGreaterThanOrEqual(2);
});

test("who cannot be reached is asked more and more rarely, at most every 30 s", async () => {
  cell(0).way = "down";
  cell(0).say("END");
  await settle();
  const before = cell(0).streams.length;
  await world.clock.advance(600_000);
  await settle();
  const asked = cell(0).streams.length - before;
  expect(asked).toBeGreaterThan(600_000 / federationLimits.streamRetryMsMax - 1);
  expect(asked).toBeLessThan(120);
});
