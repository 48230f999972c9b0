import type { HostRecord } from "#fleet/inventory/host-record.ts";
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

/** What a person has looked at and is over: all of it was heard since, or is expected no more. */
export function wholeAgain(
  known: readonly KnownEvent[],
  standing: readonly HostRecord[],
  lastHeardMs: (hostId: HostId) => number | null,
): readonly KnownEvent[] {
  const asked = new Set(
    known.flatMap(({ acknowledged }) => acknowledged?.silences.map(({ hostId }) => hostId) ?? []),
  );
  if (asked.size === 0 && known.every(({ acknowledged }) => acknowledged === null)) return [];
  const ids = new Set(standing.map(({ id }) => id).filter((id) => asked.has(id)));
  return known.filter(
    ({ acknowledged }) =>
      acknowledged !== null &&
      !acknowledged.silences.some(({ hostId, sinceMs }) => {
        const heardMs = lastHeardMs(hostId);
        return ids.has(hostId) && (heardMs === null || heardMs <= sinceMs);
      }),
  );
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
