import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { KnownEvent } from "./domain-event-store.ts";
import type { Loss } from "./domain-events.ts";

/** Until when a host's silence must have begun to be one that a person has looked at, unix ms. */
export function seenSilences(known: readonly KnownEvent[]): ReadonlyMap<HostId, number> {
  const seen = new Map<HostId, number>();
  for (const { acknowledged } of known)
    for (const { hostId, sinceMs } of acknowledged?.silences ?? [])
      seen.set(hostId, Math.max(sinceMs, seen.get(hostId) ?? 0));
  return seen;
}

/** It is silent since before a person looked. */
export function isSeen(
  seen: ReadonlyMap<HostId, number>,
  hostId: HostId,
  lastHeardMs: UnixMs | null,
): boolean {
  return lastHeardMs !== null && lastHeardMs <= (seen.get(hostId) ?? -1);
}

/** Those of which a host that was silent then is heard now, without it: its next silence is a new one. */
export function heardAgain(
  known: readonly KnownEvent[],
  isHeard: (hostId: HostId) => boolean,
): readonly KnownEvent[] {
  return known.flatMap((one): readonly KnownEvent[] => {
    const { acknowledged } = one;
    if (acknowledged === null) return [];
    const silences = acknowledged.silences.filter(({ hostId }) => !isHeard(hostId));
    if (silences.length === acknowledged.silences.length) return [];
    return [{ ...one, acknowledged: { ...acknowledged, silences } }];
  });
}

/** Who of these is lost, without our doing and unseen by a person. */
export function newsAmong(
  hosts: readonly HostRecord[],
  links: Links,
  seen: ReadonlyMap<HostId, number>,
): readonly Loss[] {
  // Mostly few: the others are not looked at any closer.
  const silent = hosts.filter(({ id }) => links.isConnected?.(id) !== true);
  return silent.flatMap((host): Loss[] => {
    const { state, lastHeardMs } = links.view(host.id);
    if (state !== "lost" || lastHeardMs === null) return [];
    if (host.op !== null && silencing.has(host.op.kind)) return [];
    return isSeen(seen, host.id, lastHeardMs) ? [] : [{ host, silentSinceMs: lastHeardMs }];
  });
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
const silencing: ReadonlySet<string> = new Set([
  "reboot",
  "power",
  "service",
  "repair",
  "reimage",
  "deploy",
  "burnin",
  "retire",
]);
