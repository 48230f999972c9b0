import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Why } from "./why.ts";

/** Which of the hosts that are lost somebody has judged already: together with others, or alone. */
export interface JudgedLosses {
  /** Those of these hosts that are lost now; one that was never heard is not. */
  awayAmong(hosts: readonly HostRecord[]): readonly HostRecord[];
  /** These, and no others, were judged as lost. */
  note(away: readonly HostRecord[]): void;
  /** It was heard: its next silence is a new one. */
  back(hostId: HostId): void;
  /** It is lost, and no judgement has seen that yet. */
  isUnjudged(hostId: HostId): boolean;
}

export function createJudgedLosses(links: Links): JudgedLosses {
  let judged = new Set<HostId>();
  const isLost = (hostId: HostId): boolean => {
    // Asked of a whole fleet: mostly that is the answer.
    if (links.isConnected?.(hostId) === true) return false;
    const { state, lastHeardMs } = links.view(hostId);
    return state === "lost" && lastHeardMs !== null;
  };
  return {
    awayAmong: (hosts) => hosts.filter(({ id }) => isLost(id)),
    note(away) {
      judged = new Set(away.map(({ id }) => id));
    },
    back: (hostId) => void judged.delete(hostId),
    isUnjudged: (hostId) => !judged.has(hostId) && isLost(hostId),
  };
}

/** `untilMs`: when it is judged, unix ms. */
export function unjudgedWhy(untilMs: number): Why {
  return {
    code: "grace",
    words: "it was lost a moment ago: whether others were lost with it is looked at first",
    who: "time",
    command: null,
    untilMs,
  };
}
