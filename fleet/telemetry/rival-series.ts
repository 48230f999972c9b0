import type { MetricKind } from "#proto/vocabulary/metric-definition.ts";
import { combineMembers, type FineFigures, type Member } from "./fine-figures.ts";
import type { StepGrid } from "./step-figures.ts";

/** Steps one after the other whose figures come from one and the same member. */
export interface RivalPart {
  readonly fromMs: number;
  readonly toMs: number;
  readonly member: number;
}

/**
 * Series that are rival answers to one question, such as the host's power by its BMC and by RAPL: in
 * each step the one that spoke last has the say, alone. A mean over both would be a figure that no
 * instrument ever showed.
 */
export function chooseRivals(
  members: readonly Member[],
  { fromMs, toMs, stepMs }: StepGrid,
  kind: MetricKind,
): { readonly figures: FineFigures; readonly parts: readonly RivalPart[] } {
  const rivals = members.map((member) => combineMembers([member], "mean", kind));
  const places = rivals.map(() => 0);
  const total = rivals.reduce((sum, { count }) => sum + count, 0);
  const figures = {
    timesMs: new Float64Array(total),
    values: new Float64Array(total),
    weights: new Float64Array(total),
  };
  const parts: RivalPart[] = [];
  let count = 0;
  for (let startMs = Math.floor(fromMs / stepMs) * stepMs; startMs < toMs; startMs += stepMs) {
    let chosen: { readonly member: number; readonly from: number; readonly to: number } | null =
      null;
    let newestMs = Number.NEGATIVE_INFINITY;
    for (const [member, { timesMs, count: of }] of rivals.entries()) {
      const from = places[member] ?? 0;
      let to = from;
      while (to < of && (timesMs[to] ?? 0) < startMs + stepMs) to += 1;
      places[member] = to;
      const lastMs = timesMs[to - 1] ?? 0;
      if (to > from && lastMs >= newestMs) {
        newestMs = lastMs;
        chosen = { member, from, to };
      }
    }
    if (chosen === null) continue;
    const { timesMs, values, weights } = rivals[chosen.member] ?? figures;
    for (let at = chosen.from; at < chosen.to; at += 1) {
      figures.timesMs[count] = timesMs[at] ?? 0;
      figures.values[count] = values[at] ?? 0;
      figures.weights[count] = weights[at] ?? 1;
      count += 1;
    }
    extend(parts, chosen.member, startMs, startMs + stepMs);
  }
  return { figures: { count, ...figures }, parts };
}

function extend(parts: RivalPart[], member: number, fromMs: number, toMs: number): void {
  const last = parts.at(-1);
  if (last?.member === member) parts[parts.length - 1] = { ...last, toMs };
  else parts.push({ fromMs, toMs, member });
}
