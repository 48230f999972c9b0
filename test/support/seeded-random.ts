import type { Random } from "#proto/vocabulary/random.ts";

/** Repeatable randomness: the same seed gives the same run. Print the seed when a test fails. */
export interface SeededRandom extends Random {
  readonly seed: number;
  /** Whole number, 0 ≤ n < limit. */
  below(limit: number): number;
  chance(share: number): boolean;
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
  /** Randomness of its own for one part, so that parts do not shift each other's numbers. */
  fork(label: string): SeededRandom;
}

/** sfc32, filled from splitmix32 of the seed. */
export function createSeededRandom(seed: number): SeededRandom {
  let mixer = seed >>> 0;
  const mix = (): number => {
    mixer = (mixer + 0x9e3779b9) >>> 0;
    let z = mixer;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = mix();
  let b = mix();
  let c = mix();
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) word();
  const next = (): number => word() / 0x1_0000_0000;
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    seed,
    next,
    below,
    bytes: (count) => Uint8Array.from({ length: count }, () => word() & 0xff),
    chance: (share) => next() < share,
    pick: (values) => values[below(values.length)] ?? values[0],
    fork: (label) => createSeededRandom(hashText(label, seed)),
  };
}

/** FNV-1a. */
function hashText(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash;
}
