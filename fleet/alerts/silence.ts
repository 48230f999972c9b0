import type { SilenceId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { Cause, Silenced } from "./alert.ts";
import { neverWork } from "./alert-numbers.ts";
import { parseAlertSelector } from "./alert-selector.ts";

/** A person's word that what it matches need not be told; it always has an end. */
export interface SilenceRecord {
  readonly id: SilenceId;
  /** As `parseAlertSelector` reads it. */
  readonly selector: string;
  readonly reason: string;
  readonly by: string;
  readonly createdMs: UnixMs;
  readonly untilMs: UnixMs;
  /** Ended before its time; null: it was not. */
  readonly endedMs: UnixMs | null;
  readonly endedBy: string | null;
}

export function isInForce({ untilMs, endedMs }: SilenceRecord, nowMs: UnixMs): boolean {
  return endedMs === null && nowMs < untilMs;
}

/**
 * Why a cause is not told; null: it is. A person's silence covers whatever it names; our own work
 * covers what it causes and never a domain event, safe mode or a broken audit.
 */
export function createSilencer(
  silences: readonly SilenceRecord[],
  nowMs: UnixMs,
): (cause: Cause) => Silenced | null {
  const inForce = silences.flatMap((silence) => {
    const parsed = isInForce(silence, nowMs) ? parseAlertSelector(silence.selector) : null;
    return parsed?.ok === true ? [{ silence, isMatch: parsed.value }] : [];
  });
  return (cause) => {
    if (cause.work !== null && !neverWork.has(cause.kind)) return { by: "work", words: cause.work };
    const found = inForce.find(({ isMatch }) => isMatch(cause));
    if (found === undefined) return null;
    const { by, reason } = found.silence;
    return { by: "silence", words: `${by}: ${reason}` };
  };
}
