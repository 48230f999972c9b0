import { airportTimeZone } from "#fleet/inventory/airport-time-zone.ts";
import type { MaintenanceWindow, SiteRecord } from "#fleet/inventory/host-record.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { exits } from "../exits.ts";
import type { Why } from "../why.ts";
import { openSiteClock, type SiteClock, type SiteTime } from "./site-time.ts";

const minuteMs = 60_000;
const dayMinutes = 1_440;
const weekMinutes = 7 * dayMinutes;
/** Offsets of zones change at such boundaries (Lord Howe's on the half hour). */
const quarterMinutes = 15;

/** Whether a site may be disturbed, and when it may next. Remembers zones, and its answers for as long as they hold. */
export interface WindowReader {
  /** null: it may be now. */
  whyClosed(site: SiteRecord | undefined, atMs: UnixMs): Why | null;
}

export function createWindowReader(): WindowReader {
  const clocks = new Map<string, SiteClock | undefined>();
  const answers = new Map<string, Answer>();
  const clockOf = (zone: string): SiteClock | undefined => {
    if (!clocks.has(zone)) clocks.set(zone, openSiteClock(zone));
    return clocks.get(zone);
  };
  const judge = (site: SiteRecord, atMs: UnixMs): Why | null => {
    const zone = site.timeZone ?? airportTimeZone(site.code);
    const clock = zone === null ? undefined : clockOf(zone);
    if (clock === undefined) {
      const words = `site ${site.code} has maintenance windows, but ${zone === null ? "no time zone" : `its time zone ${zone} is none`}`;
      return closed(site, words, null);
    }
    if (isOpen(site.windows, clock.at(atMs))) return null;
    const opensMs = nextOpening(site.windows, clock, atMs);
    const words =
      opensMs === null
        ? `no maintenance window of site ${site.code} ever opens`
        : `site ${site.code} is outside its maintenance windows`;
    return closed(site, words, opensMs);
  };
  return {
    whyClosed(site, atMs) {
      if (site === undefined || site.windows.length === 0) return null;
      const known = answers.get(site.code);
      if (known?.site === site && isStillSo(known, atMs)) return known.why;
      const why = judge(site, atMs);
      answers.set(site.code, { site, atMs, why });
      return why;
    },
  };
}

interface Answer {
  readonly site: SiteRecord;
  readonly atMs: number;
  readonly why: Why | null;
}

/** Of the same moment, or closed until one that has not come yet. */
function isStillSo({ atMs, why }: Answer, nowMs: UnixMs): boolean {
  if (nowMs === atMs) return true;
  return why !== null && why.untilMs !== null && nowMs > atMs && nowMs < why.untilMs;
}

/** One that ends before it starts, or when it starts, lasts into the next day. */
export function isOpen(windows: readonly MaintenanceWindow[], local: SiteTime): boolean {
  const now = (local.day - 1) * dayMinutes + local.minute;
  return windows.some(({ days, fromMinute, toMinute }) =>
    days.some((day) => {
      const from = (day - 1) * dayMinutes + fromMinute;
      const length = (toMinute - fromMinute + dayMinutes - 1) % dayMinutes;
      const since = (((now - from) % weekMinutes) + weekMinutes) % weekMinutes;
      return since <= length;
    }),
  );
}

/**
 * The first minute after `atMs` that lies in a window, within eight days; null: none does. An hour
 * that summer time skips opens nothing: what should open in it opens after it. One that comes twice
 * opens twice.
 */
export function nextOpening(
  windows: readonly MaintenanceWindow[],
  clock: SiteClock,
  atMs: UnixMs,
): UnixMs | null {
  const first = Math.floor(atMs / minuteMs) + 1;
  const last = first + weekMinutes + dayMinutes;
  for (let minute = first; minute <= last; ) {
    // Until the next quarter the offset stays as it is: asked once, then counted.
    const local = clock.at(minute * minuteMs);
    const untilQuarter = quarterMinutes - (minute % quarterMinutes);
    for (let step = 0; step < untilQuarter; step += 1) {
      if (isOpen(windows, later(local, step))) return unixMs((minute + step) * minuteMs);
    }
    minute += untilQuarter;
  }
  return null;
}

function later({ day, minute }: SiteTime, minutes: number): SiteTime {
  const sum = minute + minutes;
  return sum < dayMinutes ? { day, minute: sum } : { day: (day % 7) + 1, minute: sum - dayMinutes };
}

function closed(site: SiteRecord, words: string, opensMs: UnixMs | null): Why {
  return {
    code: "window",
    words,
    who: opensMs === null ? "an operator, by the site's windows or time zone" : "time",
    command: exits.siteShow(site.code),
    untilMs: opensMs,
  };
}
