import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

interface Truth {
  isOn: boolean;
  isFenced: boolean;
  running: readonly string[];
}

/**
 * A host that is called drained is empty and fenced in truth, at that moment and until somebody
 * brings it back; or it was off when somebody typed its serial. And no lease runs on it.
 */
export const drained: Rule = {
  name: "drained",
  says: "drained is empty and fenced, by proof and in truth",
  begin({ look, broken }) {
    const truths = new Map<HostId, Truth>();
    const held = new Map<HostId, "proven" | "seen off">();
    const leases = new Map<HostId, Map<string, LeaseRecord>>();
    const putLease = (lease: LeaseRecord): void => {
      const ofHost = leases.get(lease.hostId) ?? new Map();
      leases.set(lease.hostId, ofHost);
      if (lease.endedMs === null) ofHost.set(lease.id, lease);
      else ofHost.delete(lease.id);
    };
    const judge = (id: HostId, by: "proven" | "seen off"): void => {
      look();
      const truth = truths.get(id);
      if ((leases.get(id)?.size ?? 0) > 0) broken(`host ${id} is drained with a lease`);
      // Nobody has said anything of it yet: it stands as it began, fenced by nobody.
      const isEmpty = truth?.isFenced === true && truth.running.length === 0;
      if (by === "proven" && !isEmpty)
        broken(
          `host ${id} is drained and ${truth?.isFenced ? "fenced" : "not fenced"}, with ${truth?.running.join(", ") || "nothing"} running`,
        );
      if (by === "seen off" && truth?.isOn !== false) broken(`host ${id} was seen off and is on`);
    };
    return (seen) => {
      if (seen.kind === "estate" || seen.kind === "restored") {
        held.clear();
        leases.clear();
        for (const lease of seen.leases) putLease(lease);
      } else if (seen.kind === "host-is") {
        truths.set(seen.hostId, seen);
        // One that was seen off may come on again with what it had: its fence is its cordon.
        if (held.get(seen.hostId) === "proven") judge(seen.hostId, "proven");
      } else if (seen.kind === "host-removed") held.delete(seen.hostId);
      else if (seen.kind === "sent") {
        // From now on it may take work again, whatever the record says.
        if (seen.order.action.kind === "release") held.delete(seen.hostId);
      } else if (seen.kind === "written") {
        for (const { record } of seen.change.leases ?? []) putLease(record);
        for (const { id, phase } of seen.hosts) {
          if (phase !== "drained") held.delete(id);
          else if (
            seen.operations.some(({ kind, status }) => kind === "drain" && status === "done")
          ) {
            const { detail } = seen.operations[0] ?? {};
            const by =
              detail?.kind === "drain" && detail.proof?.by === "typed-serial"
                ? "seen off"
                : "proven";
            held.set(id, by);
            judge(id, by);
          }
        }
      }
    };
  },
};
