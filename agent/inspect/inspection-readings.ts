import type { InspectedSeries } from "./inspection-sink.ts";
import { formatQuantity } from "./quantity.ts";
import { lineWidth } from "./wrapped-lines.ts";

/**
 * Readings by metric: its name, and below it a line for each series. A metric of many series (one for
 * each processor or sensor) is told by its extremes; `--json` has them all.
 */
export function readingLines(series: readonly InspectedSeries[]): readonly string[] {
  const byMetric = Map.groupBy(series, ({ metric }) => metric);
  const lines: string[] = [];
  for (const [metric, group] of byMetric) {
    const [whole] = group;
    if (group.length === 1 && whole !== undefined && namesOf(whole) === "")
      lines.push(row(metric, shown(whole)));
    else {
      lines.push(metric);
      for (const part of partsOf(group)) lines.push(...part);
    }
  }
  return lines;
}

/** Series that are split in the same way stand together. */
function partsOf(group: readonly InspectedSeries[]): readonly (readonly string[])[] {
  const bySplit = Map.groupBy(group, ({ attributes }) => Object.keys(attributes).sort().join(" "));
  return [...bySplit].map(([split, members]) =>
    members.length > seriesShownMax
      ? summary(split, members)
      : members.map((one) => row(`  ${namesOf(one) || "the host"}`, shown(one))),
  );
}

function summary(split: string, members: readonly InspectedSeries[]): readonly string[] {
  const seen = members.flatMap((one) => (one.value === null ? [] : [{ one, value: one.value }]));
  const sorted = seen.toSorted((left, right) => left.value - right.value);
  const [least, most] = [sorted[0], sorted.at(-1)];
  const missing = members.length - seen.length;
  const head = row(
    `  ${members.length} series by ${split}`,
    missing === 0 ? "" : `${missing} not seen`,
  );
  if (least === undefined || most === undefined) return [head.trimEnd()];
  const mean = seen.reduce((sum, { value }) => sum + value, 0) / seen.length;
  return [
    head.trimEnd(),
    row(`    least: ${namesOf(least.one)}`, shown(least.one)),
    row("    mean", formatQuantity(mean, least.one.unit)),
    row(`    most: ${namesOf(most.one)}`, shown(most.one)),
  ];
}

function shown({ value, unit }: InspectedSeries): string {
  return value === null ? "not seen" : formatQuantity(value, unit);
}

function namesOf({ attributes }: InspectedSeries): string {
  return Object.values(attributes).join(" ");
}

/** Name on the left, value on the right, the name cut where both do not fit. */
function row(name: string, value: string): string {
  const room = lineWidth - Math.max(valueWidth, value.length) - 1;
  const left = name.length > room ? `${name.slice(0, room - 1)}…` : name.padEnd(room);
  return `${left} ${value}`;
}

const valueWidth = 18;
const seriesShownMax = 12;
