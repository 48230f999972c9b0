/**
 * How long a plan will take, from how long such operations took: wave after wave, so many at a time,
 * a soak after each, once the first maintenance window is open. null: no history.
 */
export function predictMs(ask: {
  /** Of operations of this kind that ended well, milliseconds. */
  readonly durationsMs: readonly number[];
  readonly waves: readonly number[];
  readonly atOnceMax: number;
  readonly soakMs: number;
  /** Until the first of its hosts may be disturbed. */
  readonly untilWindowMs: number;
}): number | null {
  const typicalMs = medianOf(ask.durationsMs);
  if (typicalMs === null || ask.waves.length === 0) return null;
  const rounds = ask.waves.reduce((sum, hosts) => sum + Math.ceil(hosts / ask.atOnceMax), 0);
  const soaks = ask.waves.length - 1;
  return Math.round(ask.untilWindowMs + rounds * typicalMs + soaks * ask.soakMs);
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values
    .filter((value) => Number.isFinite(value) && value >= 0)
    .toSorted((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
