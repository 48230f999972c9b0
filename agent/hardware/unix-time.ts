/**
 * Unix milliseconds as `2026-11-23T06:00:00.000Z` (proleptic Gregorian, UTC). By arithmetic alone:
 * this module is given its clock and has no other.
 */
export function formatUnixTime(unixMs: number): string {
  const whole = Math.floor(unixMs);
  const days = Math.floor(whole / dayMs);
  const ms = whole - days * dayMs;
  // Days counted from 0000-03-01, in eras of 400 years, so that a leap day ends a year.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1;
  const civilMonth = month < 10 ? month + 3 : month - 9;
  const year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0);
  const time = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60]
    .map((part) => padded(Math.floor(part), 2))
    .join(":");
  return `${padded(year, 4)}-${padded(civilMonth, 2)}-${padded(day, 2)}T${time}.${padded(ms % 1000, 3)}Z`;
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

const dayMs = 86_400_000;
