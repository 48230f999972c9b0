import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/** What was on its way when the record went may still arrive. */
const onItsWayMs = 60_000;

/** L8: deleting a record never changes a machine. */
export const l8: Rule = {
  name: "L8",
  says: "deleting a record never changes a machine",
  begin({ look, broken }) {
    const removed = new Map<HostId, number>();
    return (seen) => {
      if (seen.kind === "host-removed") {
        look();
        removed.set(seen.hostId, seen.atMs);
      } else if (seen.kind === "restored") removed.clear();
      else if (seen.kind === "sent") {
        if (removed.has(seen.hostId))
          broken(
            `${seen.manager} orders ${seen.order.action.kind} of host ${seen.hostId}, whose record is gone`,
          );
      } else if (seen.kind === "did") {
        const atMs = removed.get(seen.hostId);
        if (atMs !== undefined && seen.sentMs > atMs - onItsWayMs && seen.sentMs >= atMs)
          broken(`host ${seen.hostId} did ${seen.order.action.kind} after its record was removed`);
      }
    };
  },
};

/** L9: ids of retired and removed hosts never come back. */
export const l9: Rule = {
  name: "L9",
  says: "retired ids never come back",
  begin({ look, broken }) {
    const gone = new Set<HostId>();
    return (seen) => {
      if (seen.kind === "host-removed") {
        look();
        gone.add(seen.hostId);
      } else if (seen.kind === "restored") {
        gone.clear();
      } else if (seen.kind === "host-written") {
        if (seen.isNew && gone.has(seen.record.id))
          broken(`the id of ${seen.record.name} came back`);
      } else if (seen.kind === "written") {
        for (const { id, phase, name } of seen.hosts) {
          if (phase === "retired") gone.add(id);
          else if (gone.has(id)) broken(`${name} is back as ${phase}`);
        }
      }
    };
  },
};
