import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { Asker } from "#fleet/lifecycle/lifecycle.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/** What a person did with alerts, for the audit. */
export function alertEntry(
  action: string,
  subject: { readonly id: string; readonly name: string },
  asker: Asker,
  atMs: UnixMs,
  facts: AuditEntry["facts"] = {},
): AuditEntry {
  return {
    atMs,
    actor: asker.name,
    actorKind: asker.kind,
    action,
    outcome: "done",
    subject: { kind: "alert", ...subject, serial: null, rack: null },
    reason: asker.reason,
    planHash: null,
    facts,
  };
}
