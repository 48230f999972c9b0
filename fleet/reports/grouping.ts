import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { ReportCell, ReportRefusal, ReportRow } from "./report.ts";

/**
 * `site,class` → `["site", "class"]`; `state` stands for the keys that make a host's state. Each
 * key once, in the order in which they were asked for.
 */
export function readGroup<Key extends string>(
  text: string | null,
  known: {
    readonly keys: readonly Key[];
    readonly usual: readonly Key[];
    /** Words that stand for several keys. */
    readonly meaning?: Readonly<Record<string, readonly Key[]>>;
  },
): Result<readonly Key[], ReportRefusal> {
  if (text === null) return ok(known.usual);
  const found = new Set<Key>();
  for (const word of text.split(",").map((part) => part.trim())) {
    const several = known.meaning?.[word];
    const key = known.keys.find((one) => one === word);
    if (several !== undefined) for (const one of several) found.add(one);
    else if (key !== undefined) found.add(key);
    else {
      const words = [...known.keys, ...Object.keys(known.meaning ?? {})].join(", ");
      return fail({
        kind: "bad-group",
        words: `"${word.slice(0, 40)}" is nothing that this report is grouped by`,
        hint: `use one or several of ${words}, with commas between`,
      });
    }
  }
  return ok([...found]);
}

/** Adds up parts by the values of their group's keys; groups come in the order of those values. */
export function groupBy<Part>(
  parts: Iterable<Part>,
  valuesOf: (part: Part) => readonly string[],
): readonly { readonly values: readonly string[]; readonly parts: readonly Part[] }[] {
  const groups = new Map<string, { values: readonly string[]; parts: Part[] }>();
  for (const part of parts) {
    const values = valuesOf(part);
    const key = values.join("\u0000");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { values, parts: [part] });
    else group.parts.push(part);
  }
  return [...groups.values()].sort((left, right) => compareValues(left.values, right.values));
}

/** By code unit, one value after the other: the same in every place and locale. */
function compareValues(left: readonly string[], right: readonly string[]): number {
  for (const [at, one] of left.entries()) {
    const other = right[at] ?? "";
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

export function rowOf(
  keys: readonly string[],
  values: readonly ReportCell[],
  figures: ReportRow,
): ReportRow {
  return { ...Object.fromEntries(keys.map((key, at) => [key, values[at] ?? null])), ...figures };
}
