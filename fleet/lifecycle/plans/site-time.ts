/** What a wall clock in a zone shows: day 1 (Monday) to 7, minutes since midnight. */
export interface SiteTime {
  readonly day: number;
  readonly minute: number;
}

export interface SiteClock {
  /** Throws never; local time follows the zone's own summer time. */
  at(unixMs: number): SiteTime;
}

const days: Readonly<Record<string, number>> = {
  Mon: 1,
  Tue: 2,
  Wed: 3,
  Thu: 4,
  Fri: 5,
  Sat: 6,
  Sun: 7,
};

/** undefined: the runtime knows no such IANA zone. */
export function openSiteClock(timeZone: string): SiteClock | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  } catch {
    return undefined;
  }
  return {
    at(unixMs) {
      let day = 1;
      let minute = 0;
      for (const { type, value } of format.formatToParts(unixMs)) {
        if (type === "weekday") day = days[value] ?? 1;
        else if (type === "hour") minute += 60 * Number(value);
        else if (type === "minute") minute += Number(value);
      }
      return { day, minute };
    },
  };
}
