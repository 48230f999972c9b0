import { findMetric, metrics } from "#proto/vocabulary/metrics.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { answerUnit } from "./answer-unit.ts";
import { cellCount, combineMembers, type Member } from "./fine-figures.ts";
import { chooseMembers, compareGroups, groupAttributes, groupRule } from "./range-groups.ts";
import { stepCount, stepFigures } from "./step-figures.ts";
import { chooseRivals, type RivalPart } from "./rival-series.ts";
import type { QueryProblem, RangeAnswer, RangePart, RangeQuery, RangeSeries } from "./telemetry.ts";
import type { SeriesTrack } from "./series-tracks.ts";

/** What is wrong with a question, before anything is read. */
export function checkQuery(query: RangeQuery, pointsMax: number): QueryProblem | null {
  const { metric, fromMs, toMs, stepMs } = query;
  if (findMetric(metric) === undefined) return { kind: "unknown-metric", metric };
  const hint = rangeHint(query);
  if (hint !== null) return { kind: "bad-range", hint };
  const points = stepCount({ fromMs, toMs, stepMs });
  return points > pointsMax ? tooMany(points, pointsMax) : null;
}

export function tooMany(points: number, max: number): QueryProblem {
  const hint = "ask for a shorter span, a coarser step, or without splitting";
  return { kind: "too-many-points", points, max, hint };
}

/** Decoded series → the answer. */
export function answerRange(
  query: RangeQuery,
  tracks: readonly SeriesTrack[],
  pointsMax: number,
): Result<RangeAnswer, QueryProblem> {
  const { metric, by, stat, fromMs, toMs, stepMs } = query;
  const { kind } = metrics[metric];
  const grid = { fromMs, toMs, stepMs };
  const series: RangeSeries[] = [];
  let seenOfAll = 0;
  let expectedOfAll = 0;

  const answerGroup = (group: string, inGroup: readonly SeriesTrack[]): QueryProblem | null => {
    const chosen = chooseMembers(inGroup, metric, by);
    const members = chosen.map((track) => toMember(track, query));
    const cells = cellCount(members);
    if (cells > 2 * pointsMax) return tooMany(cells, pointsMax);
    let seen = 0;
    let expected = 0;
    for (const [at, { points, aliveFromMs, aliveToMs }] of members.entries()) {
      seen += points.count;
      expected += Math.max(0, aliveToMs - aliveFromMs) / (chosen[at]?.meanCadenceMs ?? 1);
    }
    const rule = groupRule(metric, by);
    const rivals = rule === "newest" ? chooseRivals(members, grid, kind) : null;
    const figures = rivals?.figures ?? combineMembers(members, rule, kind);
    series.push({
      attributes: groupAttributes(by, group),
      points: stepFigures(figures, grid, stat),
      coverage: shareOf(seen, expected),
      ...(rivals === null ? {} : { parts: partsOf(rivals.parts, chosen) }),
    });
    seenOfAll += seen;
    expectedOfAll += expected;
    return null;
  };

  const groups = groupTracks(tracks, by);
  const answered = stepCount(grid) * groups.size;
  if (answered > pointsMax) return fail(tooMany(answered, pointsMax));
  for (const group of [...groups.keys()].sort(compareGroups)) {
    const problem = answerGroup(group, groups.get(group) ?? []);
    if (problem !== null) return fail(problem);
  }
  const coverage = shareOf(seenOfAll, expectedOfAll);
  return ok({ metric, unit: answerUnit(metric, stat), series, coverage });
}

function partsOf(parts: readonly RivalPart[], tracks: readonly SeriesTrack[]): RangePart[] {
  return parts.map(({ fromMs, toMs, member }) => ({
    fromMs: unixMs(fromMs),
    toMs: unixMs(toMs),
    attributes: tracks[member]?.series.attributes ?? [],
  }));
}

function groupTracks(
  tracks: readonly SeriesTrack[],
  by: string | null,
): ReadonlyMap<string, readonly SeriesTrack[]> {
  // The host-wide series is there even where nothing was seen: it says so.
  const groups = new Map<string, SeriesTrack[]>(by === null ? [["", []]] : []);
  for (const track of tracks) {
    const group = groups.get(track.group);
    if (group === undefined) groups.set(track.group, [track]);
    else group.push(track);
  }
  return groups;
}

function toMember(track: SeriesTrack, { fromMs, toMs }: RangeQuery): Member {
  return {
    points: track.collector.points(),
    cadenceMs: track.cadenceMs,
    aliveFromMs: Math.max(fromMs, track.aliveFromMs),
    aliveToMs: Math.min(toMs, track.aliveToMs),
  };
}

function shareOf(seen: number, expected: number): number {
  return expected > 0 ? Math.min(1, seen / expected) : 0;
}

function rangeHint({ fromMs, toMs, stepMs }: RangeQuery): string | null {
  if (!Number.isSafeInteger(fromMs) || !Number.isSafeInteger(toMs) || fromMs < 0) {
    return "give from and to as unix milliseconds";
  }
  if (fromMs >= toMs) return "to must lie after from";
  if (!Number.isSafeInteger(stepMs) || stepMs < 1_000 || stepMs % 1_000 !== 0) {
    return "the step must be whole seconds";
  }
  return null;
}
