import type { UnixMs } from "#proto/vocabulary/units.ts";
import { keyValues, wholeOf } from "./ipmi-key-values.ts";
import { parseSelTime } from "./sel-list.ts";

/** How full the BMC's event log is, and when it last changed. null: not said. */
export interface SelInfo {
  readonly entries: number | null;
  readonly freeBytes: number | null;
  /** As ipmitool reckons it, with 16 bytes an entry. */
  readonly percentUsed: number | null;
  /** Share of the log's own units that are taken; of `percentUsed` where it does not tell them. */
  readonly usage: number | null;
  readonly lastAddMs: UnixMs | null;
  readonly lastEraseMs: UnixMs | null;
  /** The log lost entries because it was full. */
  readonly overflowed: boolean | null;
}

/** `ipmitool sel info`. null: the text is no such answer. */
export function parseSelInfo(text: string): SelInfo | null {
  const { values } = keyValues(text);
  const entries = wholeOf(values.get("Entries"));
  const percentUsed = percent(values.get("Percent Used"));
  const overflow = values.get("Overflow")?.toLowerCase();
  if (entries === null && percentUsed === null) return null;
  return {
    entries,
    freeBytes: wholeOf(/^(\d{1,9})(?: bytes)?/.exec(values.get("Free Space") ?? "")?.[1]),
    percentUsed,
    usage: usageOf(values, percentUsed),
    lastAddMs: timeOf(values.get("Last Add Time")),
    lastEraseMs: timeOf(values.get("Last Del Time")),
    overflowed: overflow === "true" ? true : overflow === "false" ? false : null,
  };
}

function usageOf(values: ReadonlyMap<string, string>, percentUsed: number | null): number | null {
  const units = wholeOf(values.get("# of Alloc Units"));
  const free = wholeOf(values.get("# Free Units"));
  if (units !== null && free !== null && units > 0 && free <= units)
    return Math.round(((units - free) / units) * 10_000) / 10_000;
  return percentUsed === null ? null : percentUsed / 100;
}

function timeOf(text: string | undefined): UnixMs | null {
  const [date = "", ...time] = (text ?? "").split(" ");
  return parseSelTime(date, time.join(" "));
}

function percent(text: string | undefined): number | null {
  const value = wholeOf(/^(\d{1,3})%$/.exec(text ?? "")?.[1]);
  return value === null || value > 100 ? null : value;
}
