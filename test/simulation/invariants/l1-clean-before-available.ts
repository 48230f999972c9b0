import type { Phase } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/** L1: nothing erases a disk in this release, so no host that served may ever be available again. */
export const l1: Rule = {
  name: "L1",
  says: "never available, never deployed to, unless every disk is clean",
  begin({ look, broken }) {
    const phases = new Map<HostId, Phase>();
    return (seen) => {
      if (seen.kind === "estate" || seen.kind === "restored") {
        for (const { id, phase } of seen.hosts) phases.set(id, phase);
      } else if (seen.kind === "written") {
        for (const { id, phase, name } of seen.hosts) {
          look();
          const before = phases.get(id);
          if (phase === "available" && before !== "available")
            broken(`${name} became available from ${before ?? "nothing"}; no disk was ever erased`);
          phases.set(id, phase);
        }
        for (const { kind, hostId } of seen.operations)
          if (kind === "deploy") broken(`a deploy began on host ${hostId}`);
      } else if (seen.kind === "host-written") {
        if (
          !seen.isNew &&
          seen.record.phase === "available" &&
          phases.get(seen.record.id) !== "available"
        )
          broken(`${seen.record.name} became available outside of the lifecycle`);
        phases.set(seen.record.id, seen.record.phase);
      }
    };
  },
};
