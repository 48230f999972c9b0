/** Two rows with nothing seen between them: the line must not go from one to the other. */
export interface RowGap {
  readonly from: number;
  readonly to: number;
}

type Values = readonly (number | null | undefined)[];

/**
 * Where a line is broken. A part that is read every ten seconds leaves nine rows of a second empty
 * each time, and that is no gap: a gap is longer than twice the usual distance of two points.
 */
export function realGaps(values: Values): readonly RowGap[] {
  const rows = seenRows(values);
  const distanceMax = usualDistance(rows) === 1 ? 1 : usualDistance(rows) * 2;
  const gaps: RowGap[] = [];
  for (let index = 1; index < rows.length; index += 1) {
    const from = rows[index - 1] ?? 0;
    const to = rows[index] ?? 0;
    if (to - from > distanceMax) gaps.push({ from, to });
  }
  return gaps;
}

/** Points with a gap on both sides: a line cannot show them, so they are drawn as dots. */
export function isolatedRows(values: Values): number[] {
  const rows = seenRows(values);
  const gaps = realGaps(values);
  const afterGap = new Set(gaps.map(({ to }) => to)).add(rows[0] ?? -1);
  const beforeGap = new Set(gaps.map(({ from }) => from)).add(rows.at(-1) ?? -1);
  return rows.filter((row) => afterGap.has(row) && beforeGap.has(row));
}

/** The median distance of neighbouring points; 1 where there are too few to say. */
function usualDistance(rows: readonly number[]): number {
  const distances = rows.slice(1).map((row, index) => row - (rows[index] ?? row));
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1;
}

function seenRows(values: Values): number[] {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row += 1) {
    if (values[row] !== null && values[row] !== undefined) rows.push(row);
  }
  return rows;
}
