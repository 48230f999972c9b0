import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { LieEnd, LieRow } from "./lie-row.ts";
import { lieRow, lieRows } from "./lie-rows.ts";

export type LiePair = readonly [LieRow, LieRow];

/** Pairs that always run. */
export const fixedPairs: readonly LiePair[] = [
  "B01+B72",
  "B02+B87",
  "B08+B14",
  "B09+B115",
  "B17+B25",
  "B17+B64",
  "B20+B14",
  "B25+B37",
  "B26+B121",
  "B38+B46",
  "B42+B51",
  "B51+B77",
  "B66+B65",
  "B70+B32",
  "B76+B37",
  "B80+B81",
  "B100+B106",
  "B101+B77",
  "B109+B02",
  "B115+B55",
  "B123+B24",
  "B128+B87",
].map((text) => {
  const [left = "", right = ""] = text.split("+");
  return [lieRow(left), lieRow(right)];
});

/** What cannot be true of one host at once. */
const contradictions: readonly (readonly [string, string])[] = [
  ["B17", "B18"],
  ["B25", "B27"],
];

/**
 * Draws pairs of `rows`: of two groups twice as often as of one, each pair once, no contradiction.
 * Fewer than `count` where there are no more.
 */
export function drawPairs(
  random: SeededRandom,
  { count, rows = lieRows }: { readonly count: number; readonly rows?: readonly LieRow[] },
): readonly LiePair[] {
  const across: LiePair[] = [];
  const within: LiePair[] = [];
  for (const [index, left] of rows.entries())
    for (const right of rows.slice(index + 1))
      if (!contradicts(left, right))
        (left.group === right.group ? within : across).push([left, right]);
  const drawn: LiePair[] = [];
  while (drawn.length < count && across.length + within.length > 0) {
    const isAcross = within.length === 0 || (across.length > 0 && random.below(3) < 2);
    const from = isAcross ? across : within;
    drawn.push(...from.splice(random.below(from.length), 1));
  }
  return drawn;
}

export function contradicts(left: LieRow, right: LieRow): boolean {
  return contradictions.some(
    ([one, other]) =>
      (left.id === one && right.id === other) || (left.id === other && right.id === one),
  );
}

/**
 * The ends that a pair may have: the worse of the two, with either reason. Two that may both be
 * reached are both allowed.
 */
export function pairEnds([left, right]: LiePair): readonly LieEnd[] {
  const rank = (end: LieEnd): number => (end === "A" ? 0 : end === "W" ? 1 : 2);
  const floor = Math.max(...[left, right].map(({ ends }) => Math.min(...ends.map(rank))));
  return [...new Set([...left.ends, ...right.ends])].filter((end) => rank(end) >= floor);
}
