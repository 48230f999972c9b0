import type { SeededRandom } from "#test/support/seeded-random.ts";

/** A figure that walks from frame to frame. */
export type Walk = (frame: number) => number;

/**
 * Walks between `mean − swing` and `mean + swing`, and ends where it began, so that a recording that
 * is played again and again has no step at its seam. Three waves with seeded phases and a little
 * noise; never outside of 0 to 1.
 */
export function createWalk(
  random: SeededRandom,
  frames: number,
  shape: { readonly mean: number; readonly swing: number },
): Walk {
  const waves = [1, 2, 5].map((turns) => ({ turns, phase: random.next() * 2 * Math.PI }));
  const noise = Array.from({ length: frames }, () => random.next() * 2 - 1);
  return (frame) => {
    const at = (((frame % frames) + frames) % frames) / frames;
    const wave = waves.reduce(
      (sum, { turns, phase }) => sum + Math.sin(2 * Math.PI * turns * at + phase) / (turns + 1),
      0,
    );
    const value = shape.mean + shape.swing * (wave * 0.9 + (noise[frame % frames] ?? 0) * 0.15);
    return Math.min(1, Math.max(0, value));
  };
}

/** Follows another figure like a heat sink follows power: a share of the way in every frame. */
export function createFollower(frames: number, source: Walk, share: number): Walk {
  const values: number[] = [];
  // The second round begins where the first ended: no step at the seam here either.
  let value = source(0);
  for (let round = 0; round < 4; round += 1)
    for (let frame = 0; frame < frames; frame += 1) {
      value += (source(frame) - value) * share;
      values[frame] = value;
    }
  return (frame) => values[((frame % frames) + frames) % frames] ?? 0;
}

/** The parts of a whole number of things by weights, all of them given out. */
export function split(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((one, other) => one + other, 0);
  let before = 0;
  let weight = 0;
  return weights.map((own) => {
    weight += own;
    const upTo = sum === 0 ? 0 : Math.round((total * weight) / sum);
    const part = upTo - before;
    before = upTo;
    return part;
  });
}
