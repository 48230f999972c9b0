import { createHash } from "node:crypto";
import type { AuditRecord } from "#fleet/audit/audit-entry.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

const start = "0".repeat(64);

/**
 * S7: each change of state has exactly one audit entry, about what it changed, and the chain holds.
 * The hashes are computed here, by docs/audit.md, without the product's code.
 */
export const s7: Rule = {
  name: "S7",
  says: "each state change has exactly one audit entry, the chain verifies",
  begin({ look, broken }) {
    let head = { seq: 0, sha256: start };
    const phases = new Map<HostId, HostRecord["phase"]>();
    const follow = (record: AuditRecord): void => {
      if (record.seq !== head.seq + 1) broken(`record ${record.seq} follows ${head.seq}`);
      if (record.previousSha256 !== head.sha256) broken(`record ${record.seq} follows another one`);
      const { sha256, ...rest } = record;
      if (createHash("sha256").update(canonical(rest)).digest("hex") !== sha256)
        broken(`record ${record.seq} is not what its hash says`);
      head = { seq: record.seq, sha256 };
    };
    return (seen) => {
      if (seen.kind === "estate" || seen.kind === "restored") {
        head = seen.auditHead ?? { seq: 0, sha256: start };
        phases.clear();
        for (const { id, phase } of seen.hosts) phases.set(id, phase);
      } else if (seen.kind === "audited") {
        for (const record of seen.audit) follow(record);
      } else if (seen.kind === "written") {
        look();
        for (const record of seen.audit) follow(record);
        if (seen.audit.length !== 1)
          broken(`${seen.change.audit.action} has ${seen.audit.length} entries`);
        const [record] = seen.audit;
        for (const { id, phase, name } of seen.hosts) {
          const before = phases.get(id);
          phases.set(id, phase);
          if (before === undefined || before === phase || record === undefined) continue;
          const { facts } = record;
          if (facts["from"] !== before || facts["to"] !== phase || record.subject.id !== id)
            broken(
              `${name} went from ${before} to ${phase}, the audit says ${JSON.stringify(facts)}`,
            );
        }
      }
    };
  },
};

/** RFC 8785 for what an audit record holds: keys in order, no blanks. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`);
  return `{${pairs.join(",")}}`;
}
