import type { Random } from "#proto/vocabulary/random.ts";

/** Full jitter: anything between nothing and a bound that doubles with every failure in a row. */
export function backoffMs(failures: number, random: Random): number {
  return random.next() * Math.min(backoffMsMax, backoffMsMin * 2 ** Math.min(failures, 30));
}

export const backoffMsMin = 1_000;
export const backoffMsMax = 120_000;
