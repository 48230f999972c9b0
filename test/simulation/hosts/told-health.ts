import { unjudged } from "#fleet/health/finding.ts";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import type { WorldHost } from "./world-host.ts";

/** What health says to the managers: the story's word for each host, and nothing of its own. */
export function tellHealth(
  hosts: readonly WorldHost[],
  clock: Pick<VirtualClock, "nowUnixMs">,
): HealthReader {
  return {
    view: (hostId) => {
      const host = hosts.find(({ agent }) => agent.facts()?.identity?.hostId === hostId);
      return host === undefined || host.verdict === "ok"
        ? { ...unjudged, verdict: "ok" }
        : { ...unjudged, verdict: host.verdict, findings: [illness(clock.nowUnixMs())] };
    },
    lastReboot: () => null,
    explain: () => {
      throw new Error("nobody asks for the health of a simulated host in words");
    },
    events: async () => [],
  };
}

function illness(nowMs: number) {
  return {
    rule: "disk-pending",
    verdict: "failing",
    component: { kind: "disk", id: "sda" },
    detail: "a disk is about to fail",
    sinceMs: nowMs,
    seenMs: nowMs,
    isStale: false,
    clearsWhen: "it is replaced",
  } as never;
}
