import type { HealthView } from "#fleet/health/finding.ts";
import type { RebootAnswer } from "#fleet/health/reboot-facts.ts";
import type { LifeView } from "#fleet/lifecycle/lifecycle.ts";
import type { FeedRecord, HostRecord } from "#fleet/inventory/host-record.ts";
import type { LinkView } from "#fleet/inventory/links.ts";
import type { LatestValue, LatestView } from "#fleet/telemetry/telemetry.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import { viewHealth, viewReboot } from "./health-view.ts";
import type { HostFacts } from "./host-facts.ts";
import type { Host } from "./host-schemas.ts";
import { type NameTenant, viewLife } from "./life-view.ts";

/** A host as the API shows it: what is stored, what the link says, and its newest figures. */
export function viewHost(
  record: HostRecord,
  evidence: {
    readonly link: LinkView;
    readonly latest: LatestView | undefined;
    readonly facts: HostFacts;
    readonly health: HealthView;
    readonly lastReboot: RebootAnswer | null;
    readonly life: LifeView;
    readonly nameTenant: NameTenant;
    /** Of its rack; empty: it has none, or nobody said. */
    readonly feeds: readonly FeedRecord[];
  },
): Host {
  const { link, latest, facts, lastReboot } = evidence;
  const figure = (metric: MetricName): number | null => latest?.hostWide(metric) ?? null;
  const diskRate = (direction: "read" | "write"): number | null =>
    latest?.hostWide("system.disk.io", { key: "disk.io.direction", value: direction }) ?? null;
  return {
    id: record.id,
    name: record.name,
    serial: record.serial,
    phase: record.phase,
    op: viewRunning(record.op),
    link: {
      state: link.state,
      sinceMs: link.sinceMs,
      lastHeardMs: link.lastHeardMs,
      clockOffsetMs: link.clockOffsetMs,
    },
    health: viewHealth(evidence.health, evidence),
    ...viewLife(evidence.life, evidence.nameTenant),
    trust: record.trust,
    watchedOnly: record.watchedOnly,
    epoch: record.epoch,
    tags: record.tags,
    revision: record.revision,
    generation: record.generation,
    cell: record.cell,
    position: record.position === null ? null : { ...record.position },
    feeds: evidence.feeds.map(({ name, upstream }) => ({ name, upstream })),
    hardwareClass: record.hardwareClass,
    simulated: record.simulated,
    adopted: record.adopted,
    agentRelease: record.agentRelease,
    bootId: record.bootId,
    createdMs: record.createdMs,
    lastReportAt: newest(latest?.receivedMs ?? null, record.lastReportMs),
    lastReboot: lastReboot === null ? null : viewReboot(lastReboot),
    power: viewPower(link, latest?.newestOf("hw.host.power") ?? null, facts),
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

function viewRunning(op: HostRecord["op"]): Host["op"] {
  if (op === null) return null;
  const { id, kind, step, epoch, deadlineMs, isPaused } = op;
  return { id, kind, step, epoch, deadline: deadlineMs, isPaused };
}

/** Watts of a host that is lost are not seen, whatever it drew before. */
function viewPower(link: LinkView, newest: LatestValue | null, facts: HostFacts): Host["power"] {
  const isSeen = link.state === "connected" || link.state === "late";
  if (newest !== null) {
    const watts = newest.value;
    // The figure's own series says what it was measured with: the state may be a moment behind it.
    const source =
      newest.series.attributes.find(({ key }) => key === "wws.power.source")?.value ??
      facts.powerSource;
    if (isSeen) return { watts, source, reason: null };
    const reason = `not seen since the link was lost; ${Math.round(watts)} W then`;
    return { watts: null, source, reason };
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
