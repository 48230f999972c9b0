import type { Host } from "#fleet/api/host-schemas.ts";
import { linkWords, positionText } from "./host-columns.ts";
import { whyLine } from "./why-words.ts";
import { ago, bytesPerSecond, celsius, isoTime, notSeen, percent, watts } from "./words.ts";

/** A host as lines of name and value; every state says since when, every figure its source. */
export function hostFacts(host: Host, nowMs: number): readonly (readonly [string, string])[] {
  const { latest, power, link } = host;
  const offset = link.clockOffsetMs === null ? notSeen : `${Math.round(link.clockOffsetMs)} ms`;
  return [
    ["name", host.simulated ? `${host.name} (simulated)` : host.name],
    ["id", host.id],
    ["lifecycle", lifecycleWords(host)],
    ...(host.op === null ? [] : [["operation", runningWords(host.op)] as const]),
    ...host.holds.map(
      (hold) => ["held", `${hold.kind} by ${hold.holder}: ${hold.reason}`] as const,
    ),
    ...host.leases.map((lease) => ["leased", `${lease.share} to ${lease.tenant}`] as const),
    ["takes new work", schedulableWords(host)],
    ["link", linkWords(host, nowMs)],
    ["last report", reportWords(host.lastReportAt, nowMs)],
    ["clock offset", offset],
    ["health", [host.health.verdict, ...host.health.reasons].join("; ")],
    ["last reboot", rebootWords(host.lastReboot)],
    ["position", positionText(host) ?? "none yet"],
    ...(host.feeds.length === 0
      ? []
      : [["power lines", host.feeds.map(feedWords).join(", ")] as const]),
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

/** Adopted is where it comes from; watched only is what may be done to it now. */
function lifecycleWords({ lifecycle, adopted, watchedOnly }: Host): string {
  const notes = [
    ...(adopted ? ["adopted as it stood"] : []),
    ...(watchedOnly ? ["watched only"] : []),
  ];
  return notes.length === 0 ? lifecycle : `${lifecycle} (${notes.join(", ")})`;
}

/** `A of ups-a2`; by either word of it a selector finds its hosts. */
function feedWords({ name, upstream }: Host["feeds"][number]): string {
  return upstream === null ? name : `${name} of ${upstream}`;
}

function runningWords({ id, kind, step, deadline, isPaused }: NonNullable<Host["op"]>): string {
  const until = deadline === null ? "" : `, until ${isoTime(deadline)}`;
  return `${kind}, step ${step}${isPaused ? ", paused" : ""}${until} (${id})`;
}

export function schedulableWords({ schedulable }: Host): string {
  if (schedulable.isSchedulable) return "yes";
  return `no: ${schedulable.why.map(whyLine).join("; ")}`;
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
