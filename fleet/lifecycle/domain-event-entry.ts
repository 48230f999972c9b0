import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { describeEvent, type DomainEvent } from "./domain-events.ts";
import { scopeKey } from "./domain-scopes.ts";
import type { Asker } from "./lifecycle.ts";

/** What became of a domain event, for the audit; by automation where nobody asked. */
export function domainEventEntry(
  event: DomainEvent,
  action: string,
  asker: Asker | null,
  atMs: UnixMs,
): AuditEntry {
  return {
    atMs,
    actor: asker?.name ?? "planner",
    actorKind: asker?.kind ?? "automation",
    action,
    outcome: "done",
    subject: {
      kind: "alert",
      id: event.id,
      name: scopeKey(event.scope),
      serial: null,
      rack: event.scope.kind === "rack" ? event.scope.name : null,
    },
    reason: asker?.reason ?? describeEvent(event),
    planHash: null,
    facts: { lost: event.lost.length, of: event.of, sinceMs: event.sinceMs },
  };
}
