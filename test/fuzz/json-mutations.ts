import type { SeededRandom } from "#test/support/seeded-random.ts";

/** What goes wrong inside JSON that is still JSON, and once what is not. */
export const jsonEdits = [
  "other type",
  "drop key",
  "duplicate key",
  "odd key",
  "deep nest",
  "long list",
  "repeat element",
] as const;
export type JsonEdit = (typeof jsonEdits)[number];

/** The text with one place of its JSON spoiled; as it was where it is no JSON. */
export function mutateJson(text: string, edit: JsonEdit, random: SeededRandom): string {
  try {
    return spoil(JSON.parse(text), text, edit, random);
  } catch {
    // No JSON, or nested deeper by an edit before than JSON.stringify can write.
    return text;
  }
}

function spoil(value: unknown, text: string, edit: JsonEdit, random: SeededRandom): string {
  const places = findPlaces(value);
  const place = places[random.below(places.length)];
  if (place === undefined) return text;
  const { holder, key } = place;
  const set = (made: unknown): void => put(holder, key, made);
  switch (edit) {
    case "other type":
      set(random.pick(oddValues));
      break;
    case "drop key":
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete (holder as Record<string, unknown>)[key];
      break;
    case "duplicate key":
      return duplicateKey(JSON.stringify(value, null, 1), random);
    case "odd key":
      put(
        holder,
        Array.isArray(holder) ? key : random.pick(["__proto__", "constructor", "", "0"]),
        random.chance(0.5) ? { value: 1 } : random.pick(oddValues),
      );
      break;
    case "deep nest": {
      const depth = random.chance(0.2) ? 20_000 : 200;
      const [open, close] = random.chance(0.5) ? ["[", "]"] : ['{"value":', "}"];
      // As text: JSON.stringify itself would run out of stack.
      set(deepMark);
      return JSON.stringify(value).replace(
        JSON.stringify(deepMark),
        () => `${open.repeat(depth)}1${close.repeat(depth)}`,
      );
    }
    case "long list":
      set(Array.from({ length: random.below(2_000) }, () => place.value));
      break;
    case "repeat element":
      if (Array.isArray(holder)) holder.push(...holder.slice(0, 200));
      else put(holder, `${key} `, place.value);
      break;
  }
  const made = JSON.stringify(value);
  return made.length > lengthMax ? text : made;
}

interface Place {
  readonly holder: object;
  readonly key: string;
  readonly value: unknown;
}

function findPlaces(value: unknown): readonly Place[] {
  const places: Place[] = [];
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== "object" || next === null) continue;
    for (const [key, child] of Object.entries(next)) {
      places.push({ holder: next, key, value: child });
      waiting.push(child);
    }
  }
  return places;
}

/** Sets an own property, `__proto__` too. */
function put(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** Says one `"key": value` line twice, the second time with something else. */
function duplicateKey(text: string, random: SeededRandom): string {
  const lines = text.split("\n");
  const at = random.below(lines.length);
  const key = /^\s*"(?:[^"\\]|\\.)*": /.exec(lines[at] ?? "")?.[0];
  if (key === undefined) return text;
  lines.splice(at, 0, `${key}${JSON.stringify(random.pick(oddValues))},`);
  return lines.join("\n");
}

const oddValues = [
  null,
  true,
  false,
  "",
  "N/A",
  "12",
  -1,
  0,
  2_147_483_648,
  4_294_967_295,
  2 ** 53 + 2,
  2 ** 64,
  1e308,
  0.5,
  [],
  {},
  [null],
  [[]],
  { value: null },
  { raw: { value: -1 } },
] as const;

const deepMark = "\u0001deep";
const lengthMax = 1024 * 1024;
