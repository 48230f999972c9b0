import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/** What each hold forbids to begin, by LIFECYCLE section 3. */
const forbids: Readonly<Record<HoldRecord["kind"], readonly string[]>> = {
  cordon: ["deploy"],
  protect: ["reimage", "retire"],
  "power-lockout": [
    "power",
    "reboot",
    "service",
    "inspect",
    "burnin",
    "deploy",
    "reimage",
    "retire",
  ],
  legal: ["reimage", "retire", "deploy"],
  fault: ["deploy"],
  reservation: ["deploy"],
  tenant: ["drain"],
};
const placing = new Set(["cordon", "fault"]);

/**
 * A hold that stands in the store forbids what it says: no operation begins against it, no lease is
 * placed under a cordon or a fault, nothing ends hard under `protect`; and nothing at all is begun or
 * ordered on a host that is only watched.
 */
export const holds: Rule = {
  name: "holds",
  says: "no hold is passed over, and what is only watched is left alone",
  begin({ look, broken }) {
    const byHost = new Map<HostId, Map<string, HoldRecord>>();
    const watched = new Set<HostId>();
    const put = (hold: HoldRecord): void => {
      const ofHost = byHost.get(hold.hostId) ?? new Map();
      byHost.set(hold.hostId, ofHost.set(hold.id, hold));
    };
    const against = (hostId: HostId, atMs: number, verb: string): string | null => {
      for (const { kind, expiresMs } of byHost.get(hostId)?.values() ?? []) {
        // The clock of a manager may be an hour off.
        if (expiresMs !== null && expiresMs <= atMs + 2 * 3_600_000) continue;
        if (verb === "place" ? placing.has(kind) : forbids[kind].includes(verb)) return kind;
        if (verb === "force" && kind === "protect") return kind;
      }
      return null;
    };
    return (seen) => {
      if (seen.kind === "estate" || seen.kind === "restored") {
        byHost.clear();
        watched.clear();
        for (const hold of seen.holds) put(hold);
        for (const { id, watchedOnly } of seen.hosts) if (watchedOnly) watched.add(id);
      } else if (seen.kind === "written") {
        const { atMs, change } = seen;
        for (const { kind, hostId, version, detail } of seen.operations) {
          if (version > 1) continue;
          look();
          const hold = against(hostId, atMs, kind);
          if (hold !== null) broken(`a ${kind} began on host ${hostId} under ${hold}`);
          if (detail.kind === "drain" && detail.force && against(hostId, atMs, "force") !== null)
            broken(`a forced drain began on host ${hostId} under protect`);
          if (watched.has(hostId))
            broken(`a ${kind} began on host ${hostId}, which is only watched`);
        }
        for (const { record, expectedVersion } of change.leases ?? []) {
          if (expectedVersion !== 0) continue;
          look();
          const hold = against(record.hostId, atMs, "place");
          if (hold !== null) broken(`a lease was placed on host ${record.hostId} under ${hold}`);
        }
        for (const id of change.holdsReleased ?? [])
          for (const ofHost of seen.hosts.map(({ id: host }) => byHost.get(host)))
            ofHost?.delete(id);
        for (const hold of change.holdsAdded ?? []) put(hold);
        for (const { id, watchedOnly } of seen.hosts)
          if (watchedOnly) watched.add(id);
          else watched.delete(id);
      } else if (seen.kind === "sent") {
        look();
        const { action } = seen.order;
        if (action.kind === "reboot" && against(seen.hostId, seen.atMs, "reboot") !== null)
          broken(`host ${seen.hostId} was ordered to restart under power-lockout`);
        if (
          action.kind === "evacuate" &&
          action.force &&
          against(seen.hostId, seen.atMs, "force") !== null
        )
          broken(`host ${seen.hostId} was ordered to end hard what runs, under protect`);
      } else if (seen.kind === "host-removed") {
        byHost.delete(seen.hostId);
        watched.delete(seen.hostId);
      }
    };
  },
};
