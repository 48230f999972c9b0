import type { Verdict } from "#fleet/health/verdict.ts";
import type { Phase } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/** LIFECYCLE section 3: whose failure ends in quarantine. */
const quarantining = new Set(["inspect", "burnin", "deploy", "reimage"]);
/** What was seen of its health may be so old. */
const seenWithinMs = 60_000;

/**
 * Quarantine is left by what LIFECYCLE section 3 has, and in this release that is `clear` alone: where its
 * cause is gone, back to where the operation that failed had begun, and to nowhere else. Nobody's lease
 * comes there meanwhile, and an active host is never put there.
 */
export const quarantine: Rule = {
  name: "quarantine",
  says: "quarantine is left by a clear alone, back to where it was, when its cause is gone",
  begin({ look, broken }) {
    const phases = new Map<HostId, Phase>();
    const backTo = new Map<HostId, Phase>();
    /** The verdict of each that is not ok, and since when. */
    const ill = new Map<HostId, { readonly verdict: Verdict; readonly sinceMs: number }>();
    return (seen) => {
      switch (seen.kind) {
        case "estate":
        case "restored":
          phases.clear();
          for (const { id, phase } of seen.hosts) phases.set(id, phase);
          return;
        case "host-is": {
          const isIll = seen.verdict === "failing" || seen.verdict === "failed";
          if (!isIll) ill.delete(seen.hostId);
          else if (!ill.has(seen.hostId))
            ill.set(seen.hostId, { verdict: seen.verdict, sinceMs: seen.atMs });
          return;
        }
        case "host-written": {
          const { id, phase, name } = seen.record;
          const before = phases.get(id);
          if (
            !seen.isNew &&
            before !== phase &&
            (before === "quarantined" || phase === "quarantined")
          )
            broken(`${name} went from ${before ?? "nothing"} to ${phase} outside of the lifecycle`);
          phases.set(id, phase);
          return;
        }
        case "taken-over":
          for (const { hostId, fromPhase } of seen.operations) backTo.set(hostId, fromPhase);
          return;
        case "host-removed":
          phases.delete(seen.hostId);
          return;
        case "written":
          break;
        default:
          return;
      }
      for (const { hostId, kind, status, fromPhase } of seen.operations)
        if (status === "failed" && quarantining.has(kind)) backTo.set(hostId, fromPhase);
      for (const { record } of seen.change.leases ?? [])
        if (record.endedMs === null && phases.get(record.hostId) === "quarantined")
          broken(`a lease was placed on host ${record.hostId}, which is quarantined`);
      for (const { id, phase, name } of seen.hosts) {
        const before = phases.get(id);
        phases.set(id, phase);
        if (before === phase) continue;
        if (phase === "quarantined" && before === "active") broken(`${name} was active`);
        if (before !== "quarantined") continue;
        look();
        const by = seen.operations.find(({ hostId }) => hostId === id);
        if (by?.kind !== "clear" || by.status !== "done")
          broken(`${name} left quarantine by ${by?.kind ?? "nothing"} for ${phase}`);
        const was = backTo.get(id);
        if (phase !== was)
          broken(`${name} left quarantine for ${phase}, and was ${was ?? "nobody knows what"}`);
        const found = ill.get(id);
        if (found !== undefined && seen.atMs - found.sinceMs > seenWithinMs)
          broken(`${name} left quarantine and is ${found.verdict}`);
      }
    };
  },
};
