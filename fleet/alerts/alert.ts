import type { DomainScope } from "#fleet/lifecycle/domain-scopes.ts";
import type { Region } from "#proto/vocabulary/position.ts";
import type { AlertId, HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/** How soon somebody must look: `page` wakes a person, `warn` waits for the day, `info` is told. */
export const severities = ["info", "warn", "page"] as const;
export type Severity = (typeof severities)[number];

/** 0 for `info`, and higher the more it matters. */
export function rankOf(severity: Severity): number {
  return severities.indexOf(severity);
}

export const alertKinds = [
  "domain-event",
  "host-lost",
  "health",
  "fault-hold",
  "drain-deadline",
  "drain-capacity",
  "drain-stalled",
  "plan-stopped",
  "service-overdue",
  "safe-mode",
  "leadership",
  "disk",
  "audit-broken",
  "host-cloned",
  "channel-failing",
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What it is about: a host, a plan, a place, a channel, or the cell as a whole. */
export interface AlertScope {
  readonly kind: DomainScope["kind"] | "host" | "plan" | "channel" | "cell";
  readonly name: string;
}

/** As far as it is the same for all of its hosts. */
export interface AlertPlace {
  readonly region: Region | null;
  readonly site: string | null;
  readonly row: string | null;
  readonly rack: string | null;
}

export interface AlertHost {
  readonly id: HostId;
  readonly name: string;
}

/** Something that is wrong now, as it is found anew in each round. */
export interface Cause {
  /** The same thing has the same key, whatever becomes of it: `host-lost:HOSTID`. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  /** One sentence without its end. What hosts say may stand in it: text, never markup. */
  readonly words: string;
  /** What to do, to be copied; null: nothing that we know of. */
  readonly command: string | null;
  readonly scope: AlertScope;
  readonly place: AlertPlace;
  /** Those that it is about; their own alerts of the same kind are folded into it. */
  readonly hosts: readonly AlertHost[];
  /** Out of how many. */
  readonly of: number;
  readonly sinceMs: UnixMs;
  /** Set where it has a name already: a domain event's. */
  readonly id: AlertId | null;
  readonly acknowledged: Acknowledged | null;
  /** What kept the work that we do there from being an alarm; null: nothing. */
  readonly work: string | null;
}

export interface Acknowledged {
  readonly by: string;
  readonly atMs: UnixMs;
  readonly reason: string;
}

/** Why nobody is told: our own work there, or a person's word. */
export interface Silenced {
  readonly by: "work" | "silence";
  readonly words: string;
}

/** What was last told of it; null: nothing yet. */
export interface Told {
  readonly severity: Severity;
  readonly hosts: number;
  readonly atMs: UnixMs;
}

export interface AlertRecord {
  readonly id: AlertId;
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly words: string;
  readonly command: string | null;
  readonly scope: AlertScope;
  readonly place: AlertPlace;
  readonly hosts: readonly AlertHost[];
  readonly of: number;
  readonly sinceMs: UnixMs;
  readonly openedMs: UnixMs;
  readonly acknowledged: Acknowledged | null;
  readonly silenced: Silenced | null;
  readonly told: Told | null;
  readonly resolvedMs: UnixMs | null;
  /** What ended it, in words; null while it has not. */
  readonly resolvedBecause: string | null;
}

export const alertStates = ["open", "acknowledged", "resolved"] as const;
export type AlertState = (typeof alertStates)[number];

export function stateOf(alert: Pick<AlertRecord, "resolvedMs" | "acknowledged">): AlertState {
  if (alert.resolvedMs !== null) return "resolved";
  return alert.acknowledged === null ? "open" : "acknowledged";
}

/** What became of an alert, as it is told. */
export const transitions = ["opened", "updated", "acknowledged", "resolved", "test"] as const;
export type Transition = (typeof transitions)[number];
