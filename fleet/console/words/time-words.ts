/** A length of time for people, two units at most: `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return twoUnits(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return twoUnits(hours, "h", minutes % 60, "min");
  const days = Math.floor(hours / 24);
  return twoUnits(days, "d", hours % 24, "h");
}

/** The same in one unit, for a table's cell: `12 s`, `3 min`, `2 h`, `3 d`. */
export function formatDurationShort(durationMs: number): string {
  const [figure = "0", unit = "s"] = formatDuration(durationMs).split(" ");
  return `${figure} ${unit}`;
}

/** How long ago, from a time that may lie a little in the future where two clocks differ. */
export function formatAgo(thenMs: number, nowMs: number): string {
  const agoMs = nowMs - thenMs;
  if (agoMs < -5_000) return `in ${formatDurationShort(-agoMs)}`;
  return agoMs < 2_000 ? "now" : `${formatDurationShort(agoMs)} ago`;
}

export type TimeParts = "date-time" | "time" | "time-minutes" | "date-minutes";

const partOptions = {
  "date-time": {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  },
  time: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  "time-minutes": { hour: "2-digit", minute: "2-digit" },
  "date-minutes": { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
} as const satisfies Record<TimeParts, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-04 03:12:07`, or a part of it, as the clocks of the zone show it. */
export function formatTime(timeMs: number, zone: string, parts: TimeParts = "date-time"): string {
  const found = partsOf(timeMs, zone, partOptions[parts], parts);
  const date = [found["year"], found["month"], found["day"]].filter((part) => part !== undefined);
  const time = [found["hour"], found["minute"], found["second"]].filter(
    (part) => part !== undefined,
  );
  return [date.join("-"), time.join(":")].filter((text) => text !== "").join(" ");
}

/** What people there call the zone's time at that moment: `CET`, `GMT-5`. */
export function formatZone(timeMs: number, zone: string): string {
  return partsOf(timeMs, zone, { timeZoneName: "short" }, "zone")["timeZoneName"] ?? zone;
}

/** The whole time with its zone, for titles and copies: `2026-11-04 03:12:07 CET`. */
export function formatAbsolute(timeMs: number, zone: string): string {
  return `${formatTime(timeMs, zone)} ${formatZone(timeMs, zone)}`;
}

/** The zone's name, or null where this browser has no such zone. */
export function knownZone(zone: string | null): string | null {
  if (zone === null) return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

function partsOf(
  timeMs: number,
  zone: string,
  options: Intl.DateTimeFormatOptions,
  name: string,
): Readonly<Record<string, string | undefined>> {
  const key = `${zone} ${name}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", { ...options, hourCycle: "h23", timeZone: zone });
    formats.set(key, format);
  }
  return Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, value]));
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
