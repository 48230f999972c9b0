import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { SeenDictionaries } from "#test/support/farm/witness.ts";
import { nameOf, positionOf } from "./story-places.ts";
import type { StoryWorld } from "./story-world.ts";
import { createWorldHost, type WorldHost } from "./world-host.ts";

/**
 * Puts hosts into a world: each is adopted, may be acted on, and runs; resolves when all have told
 * who they are.
 */
export async function enrolHosts(
  world: StoryWorld,
  count: number,
  tellSilent: (hostId: HostId, sinceMs: number) => void,
): Promise<void> {
  const dictionaries: SeenDictionaries = new Map();
  for (let index = 0; index < count; index += 1) {
    const name = nameOf(index);
    const own = world.random.fork(name);
    const host = createWorldHost({
      name,
      clock: world.clock,
      random: own,
      seats: world.seats,
      serving: world.serving,
      dictionaries,
      wallOffsetMs: own.chance(0.2) ? (own.next() * 2 - 1) * 30 * 365 * 86_400_000 : 0,
      trace: world.trace,
      tell: world.tell,
      tellSilent,
      sentMs: world.sentMs,
    });
    world.hosts.push(host);
    await enrolHost(world, host, index);
  }
  await awaitSerials(world);
}

async function enrolHost(world: StoryWorld, host: WorldHost, index: number): Promise<void> {
  const manager = world.answering();
  if (manager === null) throw new Error("nobody enrols hosts");
  const { token } = await manager.identity.createToken({
    kind: "adopt",
    hostName: host.agent.name,
    position: positionOf(index),
    uses: 1,
    validMs: 3_600_000,
    createdBy: "ann",
  });
  let isEnrolled = false;
  void host.agent.enrol(token).then(() => {
    isEnrolled = true;
  });
  await world.until(() => isEnrolled, 60_000);
  const begun = await manager.life.lifecycle.setWatchedOnly(host.agent.hostId(), false, {
    name: "ann",
    kind: "person",
    reason: "the fleet may act on it",
  });
  if (!begun.ok) throw new Error(JSON.stringify(begun.problem));
  host.agent.start();
}

async function awaitSerials({ cell, clock, hosts }: StoryWorld): Promise<void> {
  const records = new Map<string, HostRecord>();
  const isKnown = (): boolean =>
    hosts.every(({ agent }) => records.get(agent.hostId())?.serial === agent.serial);
  for (let spentMs = 0; !isKnown() && spentMs < 120_000; spentMs += 1_000) {
    await clock.advance(1_000);
    for (const record of await cell.store().inventory.listHosts()) records.set(record.id, record);
  }
  if (!isKnown()) throw new Error("hosts did not tell their serials");
}
