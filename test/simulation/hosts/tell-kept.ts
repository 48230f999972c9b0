import { hostileWord } from "./hostile-host.ts";
import { compareSamples } from "./sample-check.ts";
import type { StoryWorld } from "./story-world.ts";

/** S13: what is kept of honest hosts, and the words that only others may have said. */
export async function tellSaid({ hosts, cell, answering, tell }: StoryWorld): Promise<void> {
  if (!hosts.some(({ wasHostile }) => wasHostile) || answering() === null) return;
  for (const host of hosts) {
    const hostId = host.agent.hostId();
    const record = await cell.store().inventory.findHost(hostId);
    if (host.wasHostile || record === undefined) continue;
    const kept = JSON.stringify([
      record,
      await cell.store().inventory.readState(hostId),
      await cell.store().lifecycle.listOperations({ hostId, before: null, limit: 5 }),
    ]);
    const words = [
      hostileWord,
      ...hosts.filter((other) => other !== host).map(({ agent }) => agent.serial),
    ];
    tell({ kind: "said", hostId, kept, words });
  }
}

/** After all is calm: what is still open and why, who is back, and which samples can be read. */
export async function tellEnd({ hosts, seats, cell, answering, tell }: StoryWorld): Promise<void> {
  const manager = answering();
  if (manager === null) throw new Error("nobody answers although all is calm");
  const { life } = manager;
  const store = cell.store();
  tell({
    kind: "settled",
    operations: await store.lifecycle.listOpenOperations(),
    plans: await store.lifecycle.listOpenPlans(),
    waitsOf: (plan, hostId) => {
      const host = plan.hosts.find((one) => one.hostId === hostId);
      return host === undefined ? [] : life.plans.waiting(plan, host);
    },
    safeMode: {
      inStore: (await store.safeMode.read()) !== null,
      atManager: life.safeMode.mode() !== null,
    },
  });
  for (const host of hosts) {
    if (host.isRevoked) continue;
    const hostId = host.agent.hostId();
    tell({
      kind: "back",
      hostId,
      link: manager.links.view(hostId).state,
      reportsHeld: host.agent.agent()?.status().ring.reports ?? null,
    });
    for (const seat of seats) {
      const telemetry = seat.manager()?.telemetry;
      const witness = host.witnesses.get(seat.name);
      if (telemetry === undefined || witness === undefined) continue;
      const found = await compareSamples(telemetry, { id: hostId, name: host.agent.name }, witness);
      tell({ kind: "samples", hostId, ...found });
    }
  }
}
