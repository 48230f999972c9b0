import type { Host } from "#fleet/api/host-schemas.ts";
import { linkWords, positionText } from "./host-columns.ts";
import { ago, bytesPerSecond, celsius, isoTime, notSeen, percent, watts } from "./words.ts";

/** A host as lines of name and value; every state says since when, every figure its source. */
export function hostFacts(host: Host, nowMs: number): readonly (readonly [string, string])[] {
  const { latest, power, link } = host;
  const offset = link.clockOffsetMs === null ? notSeen : `${Math.round(link.clockOffsetMs)} ms`;
  return [
    ["name", host.simulated ? `${host.name} (simulated)` : host.name],
    ["id", host.id],
    ["lifecycle", host.adopted ? `${host.lifecycle} (adopted: watched only)` : host.lifecycle],
    ["link", linkWords(host, nowMs)],
    ["last report", reportWords(host.lastReportAt, nowMs)],
    ["clock offset", offset],
    ["health", [host.health.verdict, ...host.health.reasons].join("; ")],
    ["last reboot", rebootWords(host.lastReboot)],
    ["position", positionText(host) ?? "none yet"],
    ["class", host.hardwareClass ?? notSeen],
    ["serial", host.serial ?? notSeen],
    ["cell", host.cell],
    ["agent", host.agentRelease ?? notSeen],
    ["boot", host.bootId ?? notSeen],
    ["generation", String(host.generation)],
    ["revision", String(host.revision)],
    ["enrolled", isoTime(host.createdMs)],
    ["cpu", percent(latest.cpuUtilization)],
    ["memory", percent(latest.memoryUtilization)],
    ["disk read", bytesPerSecond(latest.diskReadBytesPerSecond)],
    ["disk written", bytesPerSecond(latest.diskWriteBytesPerSecond)],
    ["fullest filesystem", percent(latest.filesystemUtilization)],
    ["hottest sensor", celsius(latest.temperatureCelsius)],
    ["power", powerWords(power)],
  ];
}

export function rebootWords(reboot: Host["lastReboot"]): string {
  if (reboot === null) return notSeen;
  const { cause, confidence, because, noticedMs } = reboot;
  return `${isoTime(noticedMs)} ${cause} (${confidence}): ${because.join("; ")}`;
}

function reportWords(lastReportMs: number | null, nowMs: number): string {
  if (lastReportMs === null) return "never";
  return `${ago(lastReportMs, nowMs)} (${isoTime(lastReportMs)})`;
}

function powerWords(power: Host["power"]): string {
  if (power.watts === null) return `${notSeen} (${power.reason ?? "not said why"})`;
  return power.source === null ? watts(power.watts) : `${watts(power.watts)} (${power.source})`;
}
