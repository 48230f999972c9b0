/** Top of a y axis that begins at zero: a round figure at or above what must fit. */
export function axisTop(highest: number | null, unit: string): number {
  if (unit === "1") return shareTops.find((top) => top >= (highest ?? 0)) ?? 1;
  if (highest === null || highest <= 0) return smallestTop(unit);
  return Math.max(smallestTop(unit), roundUp(highest * 1.04, baseOf(unit)));
}

/** Ticks from zero to the top, three to seven of them, at round figures. */
export function axisTicks(top: number, unit: string): number[] {
  if (unit === "1") return top === 0.25 ? [0, 0.05, 0.1, 0.15, 0.2, 0.25] : quarters(top);
  const base = baseOf(unit);
  const scale = base ** Math.floor(logOf(top, base));
  const step = niceSteps
    .map((nice) => nice * scale * stepShrink(top / scale))
    .find((one) => top / one <= 5.01);
  const width = step ?? top / 4;
  const ticks: number[] = [];
  for (let tick = 0; tick <= top * 1.0001; tick += width) ticks.push(tick);
  return ticks;
}

/** A quiet server's share is still to be read; only four scales, so that charts compare. */
const shareTops = [0.1, 0.25, 0.5, 1];
const quarters = (top: number) => [0, 0.25, 0.5, 0.75, 1].map((part) => part * top);
const niceSteps = [0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 250, 500];
const niceTops = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** Bytes at rest are counted in 1,024, everything else in 1,000. */
function baseOf(unit: string): number {
  return unit === "By" ? 1_024 : 1_000;
}

/** So that 812 is divided like 0.812 of a thousand, not like 812 ones. */
function stepShrink(scaled: number): number {
  return scaled < 1 ? 0.1 : 1;
}

function smallestTop(unit: string): number {
  if (unit === "By/s") return 1_000;
  if (unit === "Cel") return 100;
  if (unit === "W") return 10;
  return 1;
}

function roundUp(value: number, base: number): number {
  const thousands = base ** Math.floor(logOf(value, base));
  const tens = 10 ** Math.floor(Math.log10(value / thousands));
  const found = niceTops.map((nice) => nice * tens * thousands).find((top) => top >= value);
  return found ?? value;
}

function logOf(value: number, base: number): number {
  // A rounding error just below a power of the base would give the unit before it.
  return Math.log(value) / Math.log(base) + 1e-9;
}
