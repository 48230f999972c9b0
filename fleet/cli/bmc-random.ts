import type { Random } from "#proto/vocabulary/random.ts";

/** The system's randomness: sessions with controllers are secured by it. */
export const systemRandom: Random = {
  next: () => Math.random(),
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};
