import type { Phase } from "#fleet/inventory/host-record.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/**
 * L3: silence changes no phase and starts nothing. So each phase that changed has an operation that
 * was done in the same change, and each operation that begins was asked for by a person, or its host
 * is ill in truth.
 */
export const l3: Rule = {
  name: "L3",
  says: "loss of heartbeats alone changes no phase and starts nothing",
  begin({ look, broken }) {
    const phases = new Map<HostId, Phase>();
    const asked = new Map<HostId, Set<string>>();
    const verdicts = new Map<HostId, Verdict>();
    return (seen) => {
      if (seen.kind === "estate" || seen.kind === "restored") {
        for (const { id, phase } of seen.hosts) phases.set(id, phase);
      } else if (seen.kind === "asked") {
        const kind = /^(?:plan|apply) (\S+)$/.exec(seen.verb)?.[1] ?? seen.verb;
        for (const id of seen.hostIds) {
          const kinds = asked.get(id) ?? new Set();
          asked.set(id, kinds.add(kind));
        }
      } else if (seen.kind === "host-is") {
        verdicts.set(seen.hostId, seen.verdict);
      } else if (seen.kind === "written") {
        for (const { id, phase, name } of seen.hosts) {
          const before = phases.get(id);
          phases.set(id, phase);
          if (before === phase) continue;
          look();
          const isBorn = seen.operations.some(
            (one) => one.hostId === id && one.status === "done" && one.endedMs !== null,
          );
          if (!isBorn)
            broken(`${name} went from ${before ?? "nothing"} to ${phase} without an operation`);
        }
        for (const { kind, hostId, version, by } of seen.operations) {
          if (version > 1) continue;
          look();
          const verdict = verdicts.get(hostId);
          const isIll = verdict === "failing" || verdict === "failed";
          if (asked.get(hostId)?.has(kind) !== true && !(kind === "drain" && isIll))
            broken(`a ${kind} of host ${hostId} by ${by} began and nobody asked for it`);
        }
      } else if (seen.kind === "host-written") {
        const { id, phase, name } = seen.record;
        const before = phases.get(id);
        if (!seen.isNew && before !== undefined && before !== phase)
          broken(`${name} went from ${before} to ${phase} outside of the lifecycle`);
        phases.set(id, phase);
      }
    };
  },
};
