import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import { findSeries } from "./chart-data.ts";

/**
 * A window that moves on: what is known, with a newer answer over its end, cut to the window's
 * length. Where both speak of the same second the newer answer is right (a point may arrive late).
 * Both have the same metric, split and step. What lies between two answers that do not touch was
 * never asked for, so it must not pass for a gap: then the newer one stands alone.
 */
export function mergeAnswers(
  known: TelemetryAnswer,
  newer: TelemetryAnswer,
  spanMs: number,
): TelemetryAnswer {
  if (newer.from > known.to || newer.step !== known.step) return newer;
  const to = Math.max(known.to, newer.to);
  const from = Math.max(known.from, to - spanMs);
  const attributes = [...known.series.map((one) => one.attributes)];
  for (const one of newer.series) {
    if (!findSeries(known, one.attributes)) attributes.push(one.attributes);
  }
  const keptMs = Math.max(0, newer.from - from);
  const newMs = newer.to - newer.from;
  // The manager knows how often each part is read, so how much was to be expected; a row without a
  // value does not tell. Between whole answers its two words are weighed by time.
  const joinCoverage = (old: Covered | undefined, fresh: Covered | undefined): number =>
    ((old?.coverage ?? 0) * keptMs + (fresh?.coverage ?? 0) * newMs) / (keptMs + newMs);
  const series = attributes.map((of) => {
    const before = findSeries(known, of)?.points ?? [];
    const after = findSeries(newer, of)?.points ?? [];
    const points = fill({ from, to, step: known.step }, [
      ...before.filter(([timeMs]) => timeMs < newer.from || timeMs >= newer.to),
      ...after,
    ]);
    const coverage = joinCoverage(findSeries(known, of), findSeries(newer, of));
    const parts = mergeParts(findSeries(known, of)?.parts, findSeries(newer, of)?.parts, {
      from,
      newerFrom: newer.from,
    });
    return { attributes: of, points, coverage, ...(parts.length === 0 ? {} : { parts }) };
  });
  return {
    ...newer,
    from,
    to,
    series,
    coverage: joinCoverage(known, newer),
    gaps: mergeGaps(known, newer, from),
  };
}

/** From where to ask again: a little before the end, and before anything that may still be on its way. */
export function resumeFrom(known: TelemetryAnswer): number {
  let resumeMs = known.to;
  for (const { points } of known.series) {
    const lastSeen = points.findLast(([, value]) => value !== null);
    resumeMs = Math.min(resumeMs, lastSeen === undefined ? known.from : lastSeen[0]);
  }
  return Math.max(known.from, resumeMs - overlapSteps * known.step);
}

const overlapSteps = 5;

type Covered = { readonly coverage: number };

type Points = TelemetryAnswer["series"][number]["points"];
type Parts = NonNullable<TelemetryAnswer["series"][number]["parts"]>;

function fill(span: { from: number; to: number; step: number }, points: Points): Points {
  const at = new Map(points);
  const filled: Points = [];
  for (let timeMs = span.from; timeMs < span.to; timeMs += span.step) {
    filled.push([timeMs, at.get(timeMs) ?? null]);
  }
  return filled;
}

/** Which source each stretch is from: the older answer up to the newer one, then the newer. */
function mergeParts(
  known: Parts = [],
  newer: Parts = [],
  { from, newerFrom }: { readonly from: number; readonly newerFrom: number },
): Parts {
  const before = known
    .filter((part) => part.to > from && part.from < newerFrom)
    .map((part) => ({
      ...part,
      from: Math.max(part.from, from),
      to: Math.min(part.to, newerFrom),
    }));
  const last = before.at(-1);
  const first = newer[0];
  if (
    last === undefined ||
    first === undefined ||
    JSON.stringify(last.attributes) !== JSON.stringify(first.attributes)
  )
    return [...before, ...newer];
  return [...before.slice(0, -1), { ...first, from: last.from }, ...newer.slice(1)];
}

function mergeGaps(
  known: TelemetryAnswer,
  newer: TelemetryAnswer,
  from: number,
): TelemetryAnswer["gaps"] {
  const before = known.gaps
    .filter((gap) => gap.to > from && gap.from < newer.from)
    .filter((gap) => !newer.gaps.some((one) => one.from <= gap.from && one.to >= gap.to));
  return [...before, ...newer.gaps].sort((a, b) => a.from - b.from);
}
