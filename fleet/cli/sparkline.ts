const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/**
 * A row of bars, from zero to the largest value; a blank is *not seen*. More values than `width` are
 * joined by their mean, what is not seen left out.
 */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const shown = joinTo(values, width);
  const largest = Math.max(...shown.map((value) => value ?? 0));
  const smallest = Math.min(0, ...shown.map((value) => value ?? 0));
  const range = largest - smallest;
  return shown
    .map((value) => {
      if (value === null) return " ";
      const share = range === 0 ? 0 : (value - smallest) / range;
      return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))] ?? bars[0];
    })
    .join("");
}

function joinTo(values: readonly (number | null)[], width: number): readonly (number | null)[] {
  if (values.length <= width) return values;
  return Array.from({ length: width }, (_, index) => {
    const from = Math.floor((index * values.length) / width);
    const to = Math.floor(((index + 1) * values.length) / width);
    const seen = values.slice(from, to).filter((value) => value !== null);
    return seen.length === 0 ? null : seen.reduce((sum, value) => sum + value, 0) / seen.length;
  });
}
