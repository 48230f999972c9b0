/**
 * A text with `times` as much in it: lines again and again, and in JSON the elements of each of the
 * outer lists; a list inside of a repeated one stays as it is.
 */
export function enlarge(text: string, times: number): string {
  try {
    return JSON.stringify(enlargeValue(JSON.parse(text), times));
  } catch {
    return `${text}\n`.repeat(times);
  }
}

function enlargeValue(value: unknown, times: number): unknown {
  if (Array.isArray(value)) return Array.from({ length: times }, () => value).flat();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, enlargeValue(child, times)]),
  );
}
