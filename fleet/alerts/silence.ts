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
 * Why a cause is not told; null: it is. A person's silence covers whatever it names, all of its hosts;
 * our own work covers what it causes. A domain event, safe mode and a broken audit are covered by no
 * work, and only by a silence that names their kind or their key: one for a host or a site that is
 * worked on does not hide that the site goes dark.
 */
export function createSilencer(
  silences: readonly SilenceRecord[],
  nowMs: UnixMs,
): (cause: Cause) => Silenced | null {
  const inForce = silences.flatMap((silence) => {
    const parsed = isInForce(silence, nowMs) ? parseAlertSelector(silence.selector) : null;
    return parsed?.ok === true
      ? [{ silence, isMatch: parsed.value, parts: partsOf(silence.selector) }]
      : [];
  });
  const isCovered = (cause: Cause, { isMatch, parts }: (typeof inForce)[number]): boolean => {
    if (neverWork.has(cause.kind))
      return isMatch(cause) && (parts.has(`kind=${cause.kind}`) || parts.has(cause.key));
    if (cause.hosts.length < 2) return isMatch(cause);
    return parts.has(cause.key)
      ? isMatch(cause)
      : cause.hosts.every((host) => isMatch({ ...cause, hosts: [host] }));
  };
  return (cause) => {
    if (cause.work !== null && !neverWork.has(cause.kind)) return { by: "work", words: cause.work };
    const found = inForce.find((one) => isCovered(cause, one));
    if (found === undefined) return null;
    const { by, reason } = found.silence;
    return { by: "silence", words: `${by}: ${reason}` };
  };
}

function partsOf(selector: string): ReadonlySet<string> {
  return new Set(selector.split(",").map((part) => part.trim()));
}
