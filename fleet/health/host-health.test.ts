import { afterEach, beforeEach, expect, test } from "vitest";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { healthPace } from "./health-pace.ts";
import { createHostHealth } from "./host-health.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

const passed = (value: number) =>
  ({
    metric: "wws.disk.smart.passed",
    attributes: { "hw.id": "Z1", "hw.type": "physical_disk" },
    values: [value],
  }) as const;

async function addHosts(count: number): Promise<readonly HostId[]> {
  const ids: HostId[] = [];
  for (let number = 1; number <= count; number += 1) ids.push(await world.addHost(number));
  return ids;
}

test("a manager that starts again knows what it had found before the host says anything", async () => {
  const [id] = await addHosts(1);
  if (id === undefined) throw new Error("no host");
  await world.measure(id, [passed(0)]);
  await world.clock.advance(15_000);
  await world.health.stop();
  world.setLink(id, { state: "never" });
  const again = await createHostHealth({
    store: world.store.health,
    inventory: world.parts.inventory,
    telemetry: { latest: () => undefined },
    links: world.parts.links,
    events: world.parts.events,
    clock: world.clock,
    random: { next: () => 0.5, bytes: (length) => new Uint8Array(length) },
    log: world.parts.log,
  });
  expect(again.view(id)).toMatchObject({
    verdict: "failing",
    findings: [{ rule: "disk-self-verdict", isStale: true }],
  });
  await again.stop();
});

test("more hosts than one tick may judge are judged in the next, and none is forgotten", async () => {
  const ids = await addHosts(healthPace.judgedPerTickMax + 40);
  for (const id of ids) await world.measure(id, [passed(1)]);
  await world.clock.advance(20_000);
  // All of them turn at once.
  for (const id of ids) await world.measure(id, [passed(0)]);
  await world.clock.advance(15_000);
  expect(ids.filter((id) => world.health.view(id).verdict !== "failing")).toEqual([]);
});

test("a removed host is forgotten", async () => {
  const [id] = await addHosts(1);
  if (id === undefined) throw new Error("no host");
  await world.measure(id, [passed(0)]);
  await world.clock.advance(15_000);
  await world.parts.inventory.remove(id);
  world.setLink(id, { state: "never" });
  await world.clock.advance(120_000);
  expect(await world.store.health.readMemories()).toEqual([]);
  expect(world.health.lastReboot(id)).toBeNull();
});
