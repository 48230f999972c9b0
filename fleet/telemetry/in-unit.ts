import type { Series } from "#proto/messages/series.ts";

/** From a column's integers to the metric's unit: `(integer × multiplier) / divisor`. */
export interface UnitScale {
  readonly multiplier: number;
  readonly divisor: number;
}

/** Divides for negative exponents, so that 3 × 10⁻¹ is 0.3. */
export function unitScale({ quantum, exponent }: Pick<Series, "quantum" | "exponent">): UnitScale {
  return exponent < 0
    ? { multiplier: quantum, divisor: 10 ** -exponent }
    : { multiplier: quantum * 10 ** exponent, divisor: 1 };
}

export function inUnit(integer: number, series: Pick<Series, "quantum" | "exponent">): number {
  const { multiplier, divisor } = unitScale(series);
  return (integer * multiplier) / divisor;
}
