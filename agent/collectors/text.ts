/**
 * A sysfs or DMI value without what surrounds it: text up to the first NUL (some kernels end list
 * files with newline and NUL, archives pad with NULs), without blanks around it.
 */
export function trimSysfs(text: string): string {
  const end = text.indexOf("\0");
  return (end < 0 ? text : text.slice(0, end)).trim();
}

/**
 * A kernel list such as `0-3,5` or `0,8,250-255`. Empty text is the empty list; null: not a list, or
 * one of more than `listLengthMax` numbers: nine characters can name a million.
 */
export function parseList(text: string): readonly number[] | null {
  const trimmed = trimSysfs(text);
  if (trimmed === "") return [];
  const numbers: number[] = [];
  for (const part of trimmed.split(",")) {
    const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part.trim());
    if (match?.[1] === undefined) return null;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first || numbers.length + last - first >= listLengthMax) return null;
    for (let number = first; number <= last; number += 1) numbers.push(number);
  }
  return numbers;
}

/** Linux has at most 8,192 CPUs, and fewer nodes. */
const listLengthMax = 8_192;

/** A whole signed decimal number, or null for anything else (`unknown`, empty, a fraction). */
export function parseInteger(text: string): number | null {
  const trimmed = trimSysfs(text);
  return /^-?\d{1,20}$/.test(trimmed) ? Number(trimmed) : null;
}
