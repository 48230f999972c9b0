/**
 * How much a count has grown in the last day, in hours: what a drive of 304 old reallocated sectors
 * says is little, what it adds since yesterday is much. A count that stands still costs one number.
 */
export interface Growth {
  /** Newest value seen. */
  last: number;
  /** When it was first seen, unix ms of the manager: nothing is known of before. */
  readonly firstMs: number;
  /** Hour since 1970 and what was added in it, oldest first; at most 25. */
  hours: [number, number][];
}

const hourMs = 3_600_000;
export const growthHours = 24;

export interface GrowthBook {
  readonly entries: Map<string, Growth>;
  /** Counts that are watched at once on one host; more are judged by their level alone. */
  readonly entriesMax: number;
  /** Whether something was noted since it was last set to false. */
  isDirty: boolean;
}

export const growthEntriesMax = 4_096;

export function createGrowthBook(): GrowthBook {
  return { entries: new Map(), entriesMax: growthEntriesMax, isDirty: false };
}

/**
 * Notes a value and answers the increase within the last 24 hours. The first value ever seen is no
 * increase. `restarts`: the count begins again at 0 with each boot, so a value below the last one is
 * itself an increase; of others it is not.
 */
export function noteGrowth(
  book: GrowthBook,
  key: string,
  value: number,
  when: { readonly nowMs: number; readonly restarts: boolean },
): number {
  const known = book.entries.get(key);
  if (known === undefined) {
    if (book.entries.size >= book.entriesMax) return 0;
    book.entries.set(key, { last: value, firstMs: when.nowMs, hours: [] });
    book.isDirty = true;
    return 0;
  }
  if (value !== known.last) {
    const added = value > known.last ? value - known.last : when.restarts ? value : 0;
    known.last = value;
    if (added > 0) addTo(known, Math.floor(when.nowMs / hourMs), added);
    book.isDirty = true;
  }
  return known.hours.length === 0 ? 0 : grownSince(book, known, when.nowMs);
}

function addTo(growth: Growth, hour: number, added: number): void {
  const newest = growth.hours.at(-1);
  // A clock that went back must not make hours out of order.
  if (newest !== undefined && newest[0] >= hour) newest[1] += added;
  else growth.hours.push([hour, added]);
}

function grownSince(book: GrowthBook, growth: Growth, nowMs: number): number {
  const hour = Math.floor(nowMs / hourMs);
  // One that lies ahead was noted while the clock ran ahead: it must not stay for ever.
  const kept = growth.hours.filter(([of]) => of > hour - growthHours && of <= hour + 1);
  if (kept.length !== growth.hours.length) {
    growth.hours = kept;
    book.isDirty = true;
  }
  let sum = 0;
  for (const [, added] of kept) sum += added;
  return sum;
}
