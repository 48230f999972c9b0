import type { Series } from "#proto/messages/series.ts";

/** A column's integer → the metric's unit. Divides for negative exponents, so that 3 × 10⁻¹ is 0.3. */
export function inUnit(integer: number, series: Pick<Series, "quantum" | "exponent">): number {
  const { quantum, exponent } = series;
  return exponent < 0 ? (integer * quantum) / 10 ** -exponent : integer * quantum * 10 ** exponent;
}
