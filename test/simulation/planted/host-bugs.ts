import type { PlantedBug } from "./plant.ts";

/** Found by the simulation of whole agents. */
export const hostBugs: readonly PlantedBug[] = [
  {
    name: "a host does again what it has noted as done",
    because: "who asks again wants it done again",
    file: "agent/commands/order-memory.ts",
    find: "if (before === undefined || before.answer === null) return null;",
    replace: "return null;",
    kind: "hosts",
    seeds: [1, 2, 3],
    killedBy: "S3",
  },
  {
    name: "an order is noted only when it was carried out",
    because: "each order costs three syncs of the disk, and the last one says it all",
    file: "agent/commands/order-desk.ts",
    find: `write(withOrder(seenFacts, { ...entry, state: "received" }));
    failPoint("order-received");
    write(withOrder(facts, { ...entry, state: "started" }));`,
    replace: `facts = withOrder(seenFacts, { ...entry, state: "started" });
    failPoint("order-received");`,
    kind: "hosts",
    seeds: [3, 1, 2, 4, 5, 6, 7, 8],
    killedBy: "S3",
  },
  {
    name: "the sockets of a removed host are closed after the usual pause",
    because: "every other host that is sent away is given that pause",
    file: "fleet/gateway/gateway.ts",
    find: `session.end(goodbye("identity-removed", message, null));`,
    replace: `clock.after(settings.coolOffMs, () =>
        session.end(goodbye("identity-removed", message, null)),
      );`,
    kind: "hosts",
    seeds: [9, 7, 1, 2, 3, 4, 5, 6],
    killedBy: "S6",
  },
];
