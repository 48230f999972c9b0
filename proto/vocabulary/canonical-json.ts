/** A value that cannot be told in JSON: a number that is not finite, a cycle, too deep, a function. */
export class NotCanonical extends Error {
  override readonly name = "NotCanonical";
}

/** Lists and objects within each other. */
export const canonicalDepthMax = 64;

/**
 * JSON with one spelling for one value, for hashing: keys ascending by UTF-16 code unit, no blanks,
 * numbers and texts as ECMAScript writes them (as RFC 8785 does), fields that are undefined left out.
 * Throws NotCanonical.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > canonicalDepthMax) throw new NotCanonical("nested too deep");
  if (value === null || typeof value === "boolean" || typeof value === "string")
    return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new NotCanonical(`${value} is no number of JSON`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  if (typeof value !== "object") throw new NotCanonical(`a ${typeof value} is nothing of JSON`);
  const fields: string[] = [];
  for (const key of Object.keys(value).sort(byCodeUnit)) {
    const field: unknown = Reflect.get(value, key);
    if (field !== undefined) fields.push(`${JSON.stringify(key)}:${write(field, depth + 1)}`);
  }
  return `{${fields.join(",")}}`;
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : 1;
}
