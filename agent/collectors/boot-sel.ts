import type { SelEntry } from "#proto/messages/state.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/**
 * The entries of a BMC's event log that may tell how the boot before ended: those within half an hour
 * before this boot and ten minutes after its begin, and those without a time that stand among them.
 * The log may be in any order; ids tell which came first. A BMC whose clock is off by more gives none.
 */
export function selAroundBoot(entries: readonly SelEntry[], bootedMs: UnixMs): readonly SelEntry[] {
  const sorted = entries.toSorted((one, two) => one.id - two.id);
  const isNear = ({ atMs }: SelEntry): boolean =>
    atMs !== null && atMs >= bootedMs - beforeMs && atMs <= bootedMs + afterMs;
  const first = sorted.findIndex(isNear);
  const last = sorted.findLastIndex(isNear);
  // Without any entry near the boot, one without a time could be of any year.
  if (first < 0) return [];
  // A BMC that starts anew logs without a time until its clock is set: right behind counts too.
  let end = last + 1;
  while (end < sorted.length && sorted[end]?.atMs === null) end += 1;
  return sorted
    .slice(first, end)
    .filter((entry) => entry.atMs === null || isNear(entry))
    .slice(-entriesMax);
}

const beforeMs = 30 * 60_000;
const afterMs = 10 * 60_000;
const entriesMax = 64;
