import type { HostId } from "#proto/vocabulary/ids.ts";
import type { KnownEvent } from "./domain-event-store.ts";

/** Until when a host's silence must have begun to be one that a person has looked at, unix ms. */
export function seenSilences(known: readonly KnownEvent[]): ReadonlyMap<HostId, number> {
  const seen = new Map<HostId, number>();
  for (const { acknowledged } of known)
    for (const { hostId, sinceMs } of acknowledged?.silences ?? [])
      seen.set(hostId, Math.max(sinceMs, seen.get(hostId) ?? 0));
  return seen;
}

/** Operations under which silence is expected. */
export const silencing: ReadonlySet<string> = new Set([
  "reboot",
  "power",
  "service",
  "repair",
  "reimage",
  "deploy",
  "burnin",
  "retire",
]);
