/**
 * A counter's step from one absolute reading to the next, in the series' integers. `base` is what
 * the next reading is compared with; NaN: none yet.
 */
export interface CounterStep {
  /** NaN: this reading gives no point. */
  readonly increment: number;
  readonly base: number;
}

/**
 * - The first reading gives no point.
 * - A counter that wraps at a known value goes on from 0, where that means less than half a round.
 * - A reading under half of the base is a reset: a new base, and no point, for nobody saw what was
 *   counted before it.
 * - Another step backwards is a stale or torn reading: no point, and the old base stays.
 */
export function stepCounter(base: number, reading: number, wrapsAfter: number | null): CounterStep {
  if (Number.isNaN(base)) return { increment: Number.NaN, base: reading };
  if (reading >= base) return { increment: reading - base, base: reading };
  if (wrapsAfter !== null) {
    const increment = wrapsAfter - base + 1 + reading;
    if (increment > 0 && increment <= wrapsAfter / 2) return { increment, base: reading };
  }
  if (reading < base / 2) return { increment: Number.NaN, base: reading };
  return { increment: Number.NaN, base };
}
