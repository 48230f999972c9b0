/** A figure as it is read: the digits, and the unit that follows them in small. */
export interface Figure {
  readonly digits: string;
  readonly unit: string;
}

/** Writes a value of a UCUM unit as the API gives it (`1`, `By`, `By/s`, `W`, `Cel`, `s`, `rpm`). */
export function formatFigure(value: number, unit: string): Figure {
  switch (unit) {
    case "1":
      return { digits: digitsOf(value * 100, 1), unit: "%" };
    case "W":
      return scaled(value, 1_000, ["W", "kW", "MW"]);
    case "By":
      return scaled(value, 1_024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]);
    case "By/s":
      return scaled(value, 1_000, ["B/s", "kB/s", "MB/s", "GB/s"]);
    case "bit/s":
      return scaled(value, 1_000, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"]);
    case "Cel":
      return { digits: digitsOf(value, 1), unit: "°C" };
    case "s":
      if (value !== 0 && Math.abs(value) < 0.000_95)
        return { digits: digitsOf(value * 1e6, 0), unit: "µs" };
      return Math.abs(value) < 1
        ? { digits: digitsOf(value * 1_000, 1), unit: "ms" }
        : { digits: digitsOf(value, 2), unit: "s" };
    default:
      return { digits: digitsOf(value, 2), unit: unit.replaceAll(/[{}]/g, "") };
  }
}

export function figureText(value: number, unit: string): string {
  const figure = formatFigure(value, unit);
  return figure.unit === "" ? figure.digits : `${figure.digits} ${figure.unit}`;
}

/** Memory and disks as they are sold: whole figures without a fraction where there is none. */
export function formatCapacity(bytes: number): Figure {
  const figure = scaled(bytes, 1_024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]);
  return { ...figure, digits: figure.digits.replace(/\.0+$/, "") };
}

/** A share in whole per cent that never rounds a lack away: 0.9996 is `99 %`, 0.004 is `1 %`. */
export function formatShare(share: number): Figure {
  const percent = share * 100;
  if (share <= 0 || share >= 1)
    return { digits: digitsOf(Math.min(1, Math.max(0, share)) * 100, 0), unit: "%" };
  return { digits: String(Math.min(99, Math.max(1, Math.round(percent)))), unit: "%" };
}

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** 12345 → `12 345`, with a narrow space that does not break. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

function scaled(value: number, base: number, units: readonly string[]): Figure {
  let rest = value;
  let index = 0;
  // 999.7 would be written as 1000: it is said in the next unit already.
  while (Math.abs(rest) >= base - 0.5 && index < units.length - 1) {
    rest /= base;
    index += 1;
  }
  return { digits: digitsOf(rest, index === 0 ? 0 : 1), unit: units[index] ?? "" };
}

/** At most three digits that matter, and no more fraction than asked. */
function digitsOf(value: number, fractionMax: number): string {
  const size = Math.abs(value);
  const fraction = size >= 99.95 ? 0 : size >= 9.995 ? Math.min(1, fractionMax) : fractionMax;
  const text = value.toFixed(fraction);
  return /^-0(\.0+)?$/.test(text) ? text.slice(1) : text;
}
