import { unixMsOfUtc } from "#proto/vocabulary/utc-time.ts";

const months = "JanFebMarAprMayJunJulAugSepOctNovDec";

/**
 * Milliseconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may send
 * (RFC 9110, section 5.6.7); null for anything else. The name of the day is not looked at.
 */
export function parseHttpDate(text: string): number | null {
  const parts = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(
    text,
  );
  if (parts === null) return null;
  const [, day, name = "", year, hour, minute, second] = parts;
  const at = months.indexOf(name);
  if (at % 3 !== 0) return null;
  return unixMsOfUtc({
    year: Number(year),
    month: at / 3 + 1,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  });
}
