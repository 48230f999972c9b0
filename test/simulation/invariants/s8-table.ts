import type { Phase } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/** LIFECYCLE section 3, copied by hand: from where each operation may begin, and where it leads. */
const rows: Readonly<Record<string, Partial<Record<Phase, readonly Phase[]>>>> = {
  enrol: { planned: ["new"] },
  inspect: { new: ["new", "quarantined"], quarantined: ["quarantined"] },
  burnin: { new: ["new", "quarantined"] },
  deploy: { available: ["active", "quarantined"] },
  drain: { active: ["drained"], available: ["drained"] },
  service: {
    available: ["available"],
    active: ["active"],
    drained: ["drained"],
    quarantined: ["quarantined"],
  },
  repair: { quarantined: ["quarantined"], drained: ["drained"] },
  reimage: {
    drained: ["available", "quarantined"],
    new: ["available", "quarantined"],
    quarantined: ["available", "quarantined"],
    available: ["available", "quarantined"],
  },
  clear: { quarantined: ["new", "available", "active", "drained"] },
  return: { drained: ["active"] },
  retire: {
    planned: ["retired"],
    available: ["retired"],
    drained: ["retired"],
    quarantined: ["retired"],
  },
};
/** In any phase but retired, and they change none. */
const anywhere = new Set(["power", "reboot", "locate", "console"]);

/** S8: only transitions of the table: where operations begin, and where they lead. */
export const s8: Rule = {
  name: "S8",
  says: "only transitions of the table",
  begin({ look, broken }) {
    const phases = new Map<HostId, Phase>();
    return (seen) => {
      if (seen.kind === "estate" || seen.kind === "restored") {
        for (const { id, phase } of seen.hosts) phases.set(id, phase);
        return;
      }
      if (seen.kind === "host-written" && seen.isNew) phases.set(seen.record.id, seen.record.phase);
      if (seen.kind !== "written") return;
      for (const operation of seen.operations) {
        if (operation.version > 1) continue;
        look();
        const { kind, fromPhase } = operation;
        const isAllowed = anywhere.has(kind) ? fromPhase !== "retired" : rows[kind]?.[fromPhase];
        if (!isAllowed) broken(`a ${kind} began on a host that is ${fromPhase}`);
        const before = phases.get(operation.hostId);
        if (before !== fromPhase)
          broken(`a ${kind} began from ${fromPhase}, its host was ${before ?? "unknown"}`);
      }
      for (const { id, phase, name } of seen.hosts) {
        const before = phases.get(id);
        phases.set(id, phase);
        if (before === undefined || before === phase) continue;
        look();
        const by = seen.operations.find((one) => one.hostId === id);
        if (by === undefined || rows[by.kind]?.[before]?.includes(phase) !== true)
          broken(`${name} went from ${before} to ${phase} by ${by?.kind ?? "nothing"}`);
      }
    };
  },
};
