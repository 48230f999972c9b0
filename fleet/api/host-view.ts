import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { LinkView } from "#fleet/inventory/links.ts";
import type { LatestView } from "#fleet/telemetry/telemetry.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { HostFacts } from "./host-facts.ts";
import type { Host } from "./schemas.ts";

/** A host as the API shows it: what is stored, what the link says, and its newest figures. */
export function viewHost(
  record: HostRecord,
  evidence: {
    readonly link: LinkView;
    readonly latest: LatestView | undefined;
    readonly facts: HostFacts;
  },
): Host {
  const { link, latest, facts } = evidence;
  const figure = (metric: MetricName): number | null => latest?.hostWide(metric) ?? null;
  const diskRate = (direction: "read" | "write"): number | null =>
    latest?.hostWide("system.disk.io", { key: "disk.io.direction", value: direction }) ?? null;
  return {
    id: record.id,
    name: record.name,
    serial: record.serial,
    lifecycle: record.phase,
    phase: record.phase,
    op: null,
    link: {
      state: link.state,
      sinceMs: link.sinceMs,
      lastHeardMs: link.lastHeardMs,
      clockOffsetMs: link.clockOffsetMs,
    },
    health: judgeHealth(link, latest, facts),
    holds: [],
    leases: [],
    data: "unknown",
    trust: "operated",
    revision: record.revision,
    generation: record.generation,
    cell: record.cell,
    position: record.position === null ? null : { ...record.position },
    hardwareClass: record.hardwareClass,
    simulated: record.simulated,
    adopted: record.adopted,
    agentRelease: record.agentRelease,
    bootId: record.bootId,
    createdMs: record.createdMs,
    lastReportAt: newest(latest?.receivedMs ?? null, record.lastReportMs),
    power: viewPower(link, figure("hw.host.power"), facts),
    latest: {
      cpuUtilization: figure("system.cpu.utilization"),
      memoryUtilization: figure("system.memory.utilization"),
      diskReadBytesPerSecond: diskRate("read"),
      diskWriteBytesPerSecond: diskRate("write"),
      temperatureCelsius: figure("hw.temperature"),
      filesystemUtilization: figure("system.filesystem.utilization"),
    },
  };
}

/**
 * No health rules exist yet: a host that reports, and whose collectors all work, is taken for ok; of
 * every other nothing is known. A silent host is never called healthy on old figures.
 */
function judgeHealth(
  link: LinkView,
  latest: LatestView | undefined,
  facts: HostFacts,
): Host["health"] {
  const reasons: string[] = [];
  if (link.state === "lost") reasons.push("the link is lost");
  if (link.state === "never") reasons.push("its agent has not connected since it was enrolled");
  if (link.state !== "never" && latest === undefined) reasons.push("no report has come yet");
  for (const failure of facts.failedCollectors) reasons.push(`cannot read ${failure}`);
  return { verdict: reasons.length === 0 ? "ok" : "unknown", reasons };
}

/** Watts of a host that is lost are not seen, whatever it drew before. */
function viewPower(link: LinkView, watts: number | null, facts: HostFacts): Host["power"] {
  const isSeen = link.state === "connected" || link.state === "late";
  if (isSeen && watts !== null) return { watts, source: facts.powerSource, reason: null };
  if (!isSeen && watts !== null) {
    const reason = `not seen since the link was lost; ${Math.round(watts)} W then`;
    return { watts: null, source: facts.powerSource, reason };
  }
  const reason =
    facts.powerReason ??
    (facts.hasState ? "the host has not reported any yet" : "the host has not said anything yet");
  return { watts: null, source: facts.powerSource, reason };
}

function newest(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.max(a, b);
}
