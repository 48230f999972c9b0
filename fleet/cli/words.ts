/** Figures and times for people. Units follow the figure; what is not seen is a dash. */
export const notSeen = "–";

export function percent(share: number | null): string {
  if (share === null) return notSeen;
  const value = share * 100;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} %`;
}

export function watts(value: number | null): string {
  return value === null ? notSeen : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} W`;
}

export function celsius(value: number | null): string {
  return value === null ? notSeen : `${value.toFixed(0)} °C`;
}

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

export function bytes(value: number | null): string {
  if (value === null) return notSeen;
  let rest = value;
  let unit = 0;
  while (rest >= 1024 && unit < byteUnits.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  const figure = unit === 0 || rest >= 100 ? rest.toFixed(0) : rest.toFixed(1);
  return `${figure} ${byteUnits[unit]}`;
}

export function bytesPerSecond(value: number | null): string {
  return value === null ? notSeen : `${bytes(value)}/s`;
}

/** How long: `41 s`, `12 min`, `5 h`, `3 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

export function ago(atMs: number | null, nowMs: number): string {
  return atMs === null ? "never" : `${span(nowMs - atMs)} ago`;
}

/** `2026-11-23T08:15:00Z`; milliseconds only where there are such. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString().replace(".000Z", "Z");
}

/** `2026-11-23 08:15:00 UTC`: in a sentence. */
export function utcWords(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `5d`, `90m`, `2h`, `30s`: how long, in ms; undefined where it is none. */
export function parseSpan(text: string): number | undefined {
  const [, count, unit] = /^([0-9]{1,6})(s|m|h|d)$/.exec(text) ?? [];
  const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? ""];
  return count === undefined || unitMs === undefined ? undefined : Number(count) * unitMs;
}

/**
 * Text from a machine, safe on a terminal: no control characters (they move the cursor and recolour
 * what is above), no marks that turn the reading direction round.
 */
export function safeText(text: string): string {
  return text.replace(unsafe, "\ufffd");
}

const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;
