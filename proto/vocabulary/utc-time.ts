/** A moment in the Gregorian calendar, UTC. `month` and `day` count from 1. */
export interface UtcTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What calendar and clock in Greenwich show; parts of a second are cut. */
export function utcTime(unixMs: number): UtcTime {
  const seconds = Math.floor(unixMs / 1000);
  const days = Math.floor(seconds / 86_400);
  const ofDay = seconds - days * 86_400;
  return {
    ...civilDate(days),
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor(ofDay / 60) % 60,
    second: ofDay % 60,
  };
}

/** `2026-11-23T08-22-44Z`: sorts as time does, and may be a file's name. */
export function formatUtcName(unixMs: number): string {
  const { year, month, day, hour, minute, second } = utcTime(unixMs);
  const two = (part: number): string => String(part).padStart(2, "0");
  const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour)}-${two(minute)}-${two(second)}Z`;
}

/** `2026-11-23 17:05 UTC`: in a sentence. */
export function formatUtcMinute(unixMs: number): string {
  const { year, month, day, hour, minute } = utcTime(unixMs);
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} UTC`;
}

/** Date of a day counted from 1970-01-01, by 400-year eras whose years begin in March. */
function civilDate(days: number): Pick<UtcTime, "year" | "month" | "day"> {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** The other way round; null where the calendar has no such moment (the 30th of February, 25:00). */
export function unixMsOfUtc(time: UtcTime): number | null {
  const { year, month, day, hour, minute, second } = time;
  if (month < 1 || month > 12 || day < 1) return null;
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  const days = era * 146_097 + dayOfEra - 719_468;
  const unixMs = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000;
  if (!Number.isSafeInteger(unixMs)) return null;
  const back = utcTime(unixMs);
  const isSame = (Object.keys(time) as (keyof UtcTime)[]).every(
    (part) => back[part] === time[part],
  );
  return isSame ? unixMs : null;
}
