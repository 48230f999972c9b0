import type { OrderEntry, OrderFacts } from "#agent/journal/order-journal.ts";
import type { HostEffect } from "#test/simulation/hosts/host-work.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/** S1 and S2 as they were compared with what the wire's witness saw. */
function samplesRule(name: "S1" | "S2", says: string): Rule {
  return {
    name,
    says,
    begin:
      ({ look, broken }) =>
      (seen) => {
        if (seen.kind !== "samples") return;
        const points = name === "S1" ? seen.acknowledgedPoints : seen.readablePoints;
        if (points > 0) look();
        for (const problem of seen.problems) if (problem.startsWith(`${name}:`)) broken(problem);
      },
  };
}

export const s1: Rule = samplesRule("S1", "every acknowledged sample is readable");
export const s2: Rule = samplesRule("S2", "no sample is counted twice, none was never sent");

/**
 * S3 at the host itself: what its disk says is done is not done again by the same command, nor by
 * another one unless it was undone meanwhile; and the system is restarted once by one order.
 */
export const s3AtHost: Rule = {
  name: "S3",
  says: "what the host has noted as done it does not do again",
  begin({ look, broken }) {
    const reboots = new Map<HostId, Set<string>>();
    return (seen) => {
      if (seen.kind === "effect") {
        const { effect, noted, hostId } = seen;
        look();
        if (effect.kind === "reboot") {
          const key = noted?.orders.findLast(isRestarting)?.key ?? "nobody's order";
          const ofHost = reboots.get(hostId) ?? new Set();
          reboots.set(hostId, ofHost);
          if (key === "nobody's order") broken(`host ${hostId} restarts by nobody's order`);
          else if (ofHost.has(key)) broken(`host ${hostId} restarts again by ${key}`);
          ofHost.add(key);
        } else if (noted !== null && isDoneFor(noted, effect))
          broken(
            `host ${hostId} does ${effect.kind} of epoch ${effect.epoch} again, which it has noted as done`,
          );
      } else if (seen.kind === "orders-noted") {
        for (const entry of seen.noted.orders) {
          const before = seen.before?.orders.find(({ key }) => key === entry.key);
          if (before?.answer?.result !== "done" || entry.answer !== null) continue;
          look();
          if (before.commandId === entry.commandId)
            broken(`host ${seen.hostId} begins ${entry.key} again by the same command`);
        }
      }
    };
  },
};

/** Of several the newest: an older one stays open where the disk was full when its boot was seen. */
function isRestarting({ action, answer, state }: OrderEntry): boolean {
  return action === "reboot" && answer === null && state === "started";
}

/** Its last word on this act is done, and nothing has undone that since. */
function isDoneFor({ orders, fence, evacuation }: OrderFacts, effect: HostEffect): boolean {
  const { operationId, epoch, kind } = effect;
  const isDone = (action: OrderEntry["action"]): boolean =>
    orders.some(
      (entry) =>
        entry.action === action &&
        entry.answer?.result === "done" &&
        entry.key.startsWith(`${operationId} ${epoch} `),
    );
  switch (kind) {
    case "fence":
      return isDone("fence") && fence !== null && !isBegun(orders, effect, "fence");
    case "release":
      return isDone("release") && fence === null && !isBegun(orders, effect, "release");
    case "evacuate":
      // Asked as often as it takes while it lasts, and never after.
      return (
        evacuation?.operationId !== operationId ||
        evacuation.epoch !== epoch ||
        evacuation.state !== "running"
      );
    default:
      return false;
  }
}

/** Begun and not yet ended: a kill came between. */
function isBegun(
  orders: readonly OrderEntry[],
  { operationId, epoch }: HostEffect,
  action: OrderEntry["action"],
): boolean {
  return orders.some(
    (entry) =>
      entry.action === action &&
      entry.answer === null &&
      entry.key.startsWith(`${operationId} ${epoch} `),
  );
}

/** S11 at the host itself: by what its disk and its wires say. */
export const s11AtHost: Rule = {
  name: "S11",
  says: "a lower term or epoch never acts on a host",
  begin: ({ look, broken }) => {
    return (seen) => {
      if (seen.kind === "orders-noted") {
        const { before, noted, hostId } = seen;
        const isSame = before?.hostId === noted.hostId && before.generation === noted.generation;
        if (isSame && noted.epoch < before.epoch)
          broken(`host ${hostId} forgot epoch ${before.epoch} for ${noted.epoch}`);
        if (isSame && noted.term < before.term)
          broken(`host ${hostId} forgot term ${before.term} for ${noted.term}`);
        for (const entry of noted.orders) {
          const known = before?.orders.find(({ key }) => key === entry.key);
          if (entry.state !== "received" || known?.state === "received") continue;
          look();
          const term = seen.termOf(entry.commandId);
          if (term === undefined) broken(`host ${hostId} took ${entry.key}, which never came`);
          else if (term < seen.seenTerm)
            broken(
              `host ${hostId} took ${entry.key} of term ${term} after a welcome of term ${seen.seenTerm}`,
            );
          if (isSame && entry.epoch < before.epoch)
            broken(`host ${hostId} took ${entry.key} after it had seen epoch ${before.epoch}`);
        }
      } else if (seen.kind === "effect" && seen.effect.epoch !== null && seen.noted !== null) {
        // The fence stays that of its drain, whatever came after.
        if (seen.effect.kind === "hold-fence") return;
        look();
        if (seen.effect.epoch < seen.noted.epoch)
          broken(
            `host ${seen.hostId} does ${seen.effect.kind} of epoch ${seen.effect.epoch}, and has seen ${seen.noted.epoch}`,
          );
      }
    };
  },
};

/** A socket of a revoked identity may be this old while it is told that it is. */
export const revokedSocketMsMax = 5_000;

export const s6: Rule = {
  name: "S6",
  says: "a revoked identity has no socket after 5 s",
  begin:
    ({ look, broken }) =>
    (seen) => {
      if (seen.kind !== "sockets" || seen.atMs < seen.revokedAtMs + revokedSocketMsMax) return;
      look();
      for (const sinceMs of seen.openSinceMs) {
        const openMs = seen.atMs - Math.max(sinceMs, seen.revokedAtMs);
        if (openMs > revokedSocketMsMax)
          broken(`host ${seen.hostId} was revoked, and has had a socket for ${openMs} ms`);
      }
    },
};

export const s13: Rule = {
  name: "S13",
  says: "what a host says affects its own record only",
  begin:
    ({ look, broken }) =>
    (seen) => {
      if (seen.kind !== "said") return;
      look();
      for (const word of seen.words)
        if (seen.kept.includes(JSON.stringify(word).slice(1, -1)))
          broken(`what is kept of host ${seen.hostId} has a hostile host's word: ${word}`);
    },
};

/** Everybody is back when nothing disturbs any more, and nobody holds anything back. */
export const s12Back: Rule = {
  name: "S12",
  says: "when faults end, every host is connected again and holds no report back",
  begin:
    ({ look, broken }) =>
    (seen) => {
      if (seen.kind !== "back") return;
      look();
      if (seen.link !== "connected") broken(`the link of host ${seen.hostId} is ${seen.link}`);
      if (seen.reportsHeld === null) broken(`the agent of host ${seen.hostId} does not run`);
      else if (seen.reportsHeld > 3)
        broken(`host ${seen.hostId} still holds ${seen.reportsHeld} reports`);
    },
};

/** What whole agents add to the rules of the fleet. */
export const hostRules: readonly Rule[] = [s1, s2, s3AtHost, s6, s11AtHost, s13, s12Back];
