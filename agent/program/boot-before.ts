import type { BootBefore } from "#agent/collectors/boot.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { StatusRecord } from "./status-file.ts";

/**
 * How the agent of the boot before this one ended, by the status that the last run left. Runs of one
 * boot hand it on. null: nothing was left, or by a release that did not say in which boot it ran.
 */
export function bootBeforeOf(record: StatusRecord | null, bootId: string): BootBefore | null {
  if (record === null || typeof record.bootId !== "string") return null;
  if (record.bootId === bootId) return isBootBefore(record.bootBefore) ? record.bootBefore : null;
  if (!isTime(record.writtenMs)) return null;
  // Turned away or never taken in: it had ended on its own, and that tells nothing of the boot.
  const hasEndedItself = record.phase === "ended" && record.notice !== stoppedNotice;
  return {
    agentStopped: hasEndedItself ? null : record.phase === "ended",
    agentLastMs: unixMs(record.writtenMs),
  };
}

/** The notice of a run that was told to stop, and did. */
export const stoppedNotice = "stopped";

/** Our own file, and still a file: its fields are looked at before they are believed. */
function isBootBefore(value: unknown): value is BootBefore {
  if (typeof value !== "object" || value === null) return false;
  const { agentStopped, agentLastMs } = value as Readonly<Record<string, unknown>>;
  return (agentStopped === null || typeof agentStopped === "boolean") && isTime(agentLastMs);
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
