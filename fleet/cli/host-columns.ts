import type { Host } from "#fleet/api/host-schemas.ts";
import type { Column } from "./output.ts";
import type { Tone } from "./paint.ts";
import { ago, bytesPerSecond, celsius, isoTime, notSeen, percent, span, watts } from "./words.ts";

export const hostColumns: readonly Column<Host>[] = [
  { title: "NAME", key: "name", show: (host) => host.name, raw: (host) => host.name },
  {
    title: "LIFECYCLE",
    key: "lifecycle",
    show: (host) => host.lifecycle,
    raw: (host) => host.lifecycle,
  },
  { title: "LINK", key: "link", show: linkWords, raw: (host) => host.link.state, tone: linkTone },
  {
    title: "POSITION",
    key: "position",
    show: (host) => positionText(host) ?? "none yet",
    raw: positionText,
  },
  {
    title: "CLASS",
    key: "class",
    show: (host) => host.hardwareClass ?? notSeen,
    raw: (host) => host.hardwareClass,
  },
  {
    title: "CPU",
    key: "cpu_utilization_1",
    isFigure: true,
    show: (host) => percent(host.latest.cpuUtilization),
    raw: (host) => host.latest.cpuUtilization,
    tone: staleTone,
  },
  {
    title: "MEM",
    key: "memory_utilization_1",
    isFigure: true,
    show: (host) => percent(host.latest.memoryUtilization),
    raw: (host) => host.latest.memoryUtilization,
    tone: staleTone,
  },
  {
    title: "WATTS",
    key: "power_watts",
    isFigure: true,
    show: (host) => watts(host.power.watts),
    raw: (host) => host.power.watts,
  },
  {
    title: "SOURCE",
    key: "power_source",
    isWideOnly: true,
    show: (host) => sourceWords(host.power),
    raw: (host) => host.power.source,
  },
  {
    title: "READ",
    key: "disk_read_bytes_per_second",
    isFigure: true,
    isWideOnly: true,
    show: (host) => bytesPerSecond(host.latest.diskReadBytesPerSecond),
    raw: (host) => host.latest.diskReadBytesPerSecond,
  },
  {
    title: "WRITTEN",
    key: "disk_write_bytes_per_second",
    isFigure: true,
    isWideOnly: true,
    show: (host) => bytesPerSecond(host.latest.diskWriteBytesPerSecond),
    raw: (host) => host.latest.diskWriteBytesPerSecond,
  },
  {
    title: "TEMP",
    key: "temperature_celsius",
    isFigure: true,
    isWideOnly: true,
    show: (host) => celsius(host.latest.temperatureCelsius),
    raw: (host) => host.latest.temperatureCelsius,
  },
  {
    title: "HEALTH",
    key: "health",
    isWideOnly: true,
    show: (host) => host.health.verdict,
    raw: (host) => host.health.verdict,
  },
  {
    title: "REPORTED",
    key: "last_report_time",
    isWideOnly: true,
    show: (host, nowMs) => ago(host.lastReportAt, nowMs),
    raw: (host) => (host.lastReportAt === null ? null : isoTime(host.lastReportAt)),
  },
  {
    title: "SERIAL",
    key: "serial",
    isWideOnly: true,
    show: (host) => host.serial ?? notSeen,
    raw: (host) => host.serial,
  },
  {
    title: "AGENT",
    key: "agent_release",
    isWideOnly: true,
    show: (host) => host.agentRelease ?? notSeen,
    raw: (host) => host.agentRelease,
  },
  { title: "ID", key: "id", isWideOnly: true, show: (host) => host.id, raw: (host) => host.id },
  {
    title: "MARK",
    key: "simulated",
    show: (host) => (host.simulated ? "simulated" : ""),
    raw: (host) => host.simulated,
    tone: () => "dim",
  },
];

/** Where the watts come from, or the short of why there are none; `host show` has the long of it. */
function sourceWords({ watts: seen, source, reason }: Host["power"]): string {
  if (seen !== null) return source ?? notSeen;
  const short = (reason ?? notSeen).replace(/ \(.*$/s, "");
  return short.length > 40 ? `${short.slice(0, 39)}…` : short;
}

/** A state always says since when. */
export function linkWords(host: Host, nowMs: number): string {
  const { state, sinceMs } = host.link;
  return sinceMs === null ? state : `${state} ${span(nowMs - sinceMs)}`;
}

export function positionText({ position }: Host): string | null {
  if (position === null) return null;
  const unit = String(position.unit).padStart(2, "0");
  return `${position.region}/${position.site}/${position.row}/${position.rack}/u${unit}`;
}

function linkTone(host: Host): Tone {
  const tones = { connected: "ok", late: "warn", lost: "bad", never: "dim" } as const;
  return tones[host.link.state];
}

/** Old figures of a silent host are dimmed, as in the console. */
function staleTone(host: Host): Tone {
  return host.link.state === "connected" || host.link.state === "late" ? "plain" : "dim";
}
