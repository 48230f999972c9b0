import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { tooManyRows } from "./capacity-report.ts";
import { groupBy, readGroup, rowOf } from "./grouping.ts";
import { powerColumns, powerKeys, type PowerKey } from "./power-columns.ts";
import type { PowerFeed, PowerFigures, RackPower } from "./power-figures.ts";
import type { PowerWindow } from "./power-history.ts";
import { type Report, type ReportRefusal, type ReportRow, reportRowsMax } from "./report.ts";

export const powerSchema = "wws.report.power.v1";

const usualGroup: readonly PowerKey[] = ["site", "row", "rack", "feed"];

export interface PowerAsk {
  readonly figures: PowerFigures;
  /** Ids of the racks that are told; null: all. */
  readonly racks: ReadonlySet<string> | null;
  readonly selector: string | null;
  readonly group: string | null;
  readonly spanMs: number;
  readonly madeMs: number;
  /**
   * The window over several racks, each with its share; null: only each rack's own is known, as of a
   * day that was kept.
   */
  readonly windowOf: ((shares: ReadonlyMap<string, number>) => PowerWindow) | null;
}

/** Measured watts against what the feeds may carry, now and over a window. */
export function powerReport(ask: PowerAsk): Result<Report, ReportRefusal> {
  const group = readGroup(ask.group, { keys: powerKeys, usual: usualGroup });
  if (!group.ok) return group;
  const keys = group.value;
  const { figures } = ask;
  const racks = figures.racks.filter(({ id }) => ask.racks === null || ask.racks.has(id));
  const parts = racks.flatMap(partsOf);
  const groups = groupBy(parts, (part) => keys.map((key) => valueUnder(part, key)));
  if (groups.length > reportRowsMax) return fail(tooManyRows(groups.length));
  const isByFeed = keys.includes("feed") || keys.includes("line");
  const rows = groups.map((one) => rowOf(keys, one.values, figuresOf(one.parts, isByFeed, ask)));
  const everything = figuresOf(parts, false, ask);
  const [hosts, measured] = [Number(everything["hosts"]), Number(everything["measured_hosts"])];
  return ok({
    schema: powerSchema,
    kind: "power",
    cell: figures.cell,
    madeMs: ask.madeMs,
    atMs: figures.atMs,
    window: windowTold(ask, racks),
    selector: ask.selector,
    group: keys,
    columns: powerColumns(keys),
    rows,
    total: rowOf(
      keys,
      keys.map(() => null),
      everything,
    ),
    coverage: {
      share: hosts === 0 ? 1 : measured / hosts,
      words: `${measured} of ${hosts} hosts measured now${
        hosts === measured
          ? ""
          : `; in no sum: ${someNames(String(everything["unmeasured_names"]))}`
      }`,
    },
    notes: notesOf(ask, racks),
  });
}

/** A rack's draw as far as one of its feeds carries it; a rack without feeds carries it itself. */
interface Part {
  readonly rack: RackPower;
  readonly feed: PowerFeed | null;
  readonly share: number;
}

function partsOf(rack: RackPower): readonly Part[] {
  if (rack.feeds.length === 0) return [{ rack, feed: null, share: 1 }];
  return rack.feeds.map((feed) => ({ rack, feed, share: 1 / rack.feeds.length }));
}

function valueUnder({ rack, feed }: Part, key: PowerKey): string {
  if (key === "feed") return feed?.name ?? "none";
  if (key === "line") return feed?.line ?? "none";
  return rack[key];
}

function figuresOf(parts: readonly Part[], isByFeed: boolean, ask: PowerAsk): ReportRow {
  const racks = [...new Set(parts.map(({ rack }) => rack))];
  const hosts = sumOf(racks, (rack) => rack.hosts);
  const measured = sumOf(racks, measuredOf);
  const now = sumOf(parts, ({ rack, share }) => wattsOf(rack) * share);
  const feeds = parts.filter(({ feed }) => feed !== null);
  const budget = allOf(parts, ({ feed }) => feed?.budgetWatts ?? null);
  const other = isByFeed && measured > 0 ? allOf(parts, ifOtherFails) : null;
  const watched = windowOf(parts, ask);
  const over = feeds.filter((part) => {
    const load = ifOtherFails(part);
    const limit = part.feed?.budgetWatts ?? null;
    return load !== null && limit !== null && measuredOf(part.rack) > 0 && load > limit;
  });
  return {
    feeds: feeds.length,
    budget_watts: budget,
    now_watts: measured === 0 ? null : round(now),
    mean_watts: round(watched.mean),
    p95_watts: round(watched.p95),
    max_watts: round(watched.max),
    if_other_fails_watts: round(other),
    headroom_watts: budget === null || other === null ? null : round(budget - other),
    over_feeds: over.length,
    hosts,
    measured_hosts: measured,
    unmeasured_hosts: hosts - measured,
    coverage: hosts === 0 ? null : round(measured / hosts, 4),
    window_coverage: hosts === 0 ? null : round(watched.coverage, 4),
    sources: sourcesOf(racks),
    unmeasured_names: racks.flatMap(({ unmeasured }) => unmeasured).join(" "),
  };
}

interface WindowFigures {
  readonly mean: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  readonly coverage: number;
}

function windowOf(parts: readonly Part[], ask: PowerAsk): WindowFigures {
  const shares = new Map<string, number>();
  for (const { rack, share } of parts) shares.set(rack.id, (shares.get(rack.id) ?? 0) + share);
  if (ask.windowOf !== null) {
    const { meanWatts, p95Watts, maxWatts, coverage } = ask.windowOf(shares);
    return { mean: meanWatts, p95: p95Watts, max: maxWatts, coverage };
  }
  const racks = [...new Set(parts.map(({ rack }) => rack))].filter(({ hosts }) => hosts > 0);
  const [only] = racks;
  const hosts = sumOf(racks, (rack) => rack.hosts);
  const coverage =
    hosts === 0 ? 0 : sumOf(racks, (rack) => rack.window.coverage * rack.hosts) / hosts;
  const share = (rack: RackPower): number => shares.get(rack.id) ?? 1;
  const mean = allOf(racks, (rack) =>
    rack.window.meanWatts === null ? null : rack.window.meanWatts * share(rack),
  );
  if (only === undefined) return { mean: null, p95: null, max: null, coverage };
  if (racks.length > 1) return { mean, p95: null, max: null, coverage };
  const of = (watts: number | null): number | null => (watts === null ? null : watts * share(only));
  const { p95Watts, maxWatts } = only.window;
  return { mean, p95: of(p95Watts), max: of(maxWatts), coverage };
}

/** A host draws equally from all feeds of its rack; when one dies the others carry it. */
function ifOtherFails({ rack, feed }: Part): number | null {
  if (feed === null || rack.feeds.length < 2) return null;
  return wattsOf(rack) / (rack.feeds.length - 1);
}

function wattsOf(rack: RackPower): number {
  return sumOf(rack.measured, ({ watts }) => watts);
}

function measuredOf(rack: RackPower): number {
  return sumOf(rack.measured, ({ hosts }) => hosts);
}

/** `dcmi 8, rapl-package 2`: how many hosts each instrument measured. */
function sourcesOf(racks: readonly RackPower[]): string {
  const counts = new Map<string, number>();
  for (const { source, hosts } of racks.flatMap(({ measured }) => measured))
    counts.set(source, (counts.get(source) ?? 0) + hosts);
  return [...counts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([source, hosts]) => `${source} ${hosts}`)
    .join(", ");
}

const namesShown = 8;

/** The first of them; all stand in the column. */
function someNames(names: string): string {
  const all = names.split(" ");
  const shown = all.slice(0, namesShown).join(", ");
  return all.length <= namesShown ? shown : `${shown} and ${all.length - namesShown} more`;
}

function windowTold(ask: PowerAsk, racks: readonly RackPower[]): Report["window"] {
  const statistic =
    "sums over hosts once a minute, of newest readings of the last ten minutes; mean, p95 by nearest rank, max of those sums";
  if (ask.windowOf !== null) {
    const { fromMs, toMs } = ask.windowOf(new Map());
    return { fromMs, toMs, statistic };
  }
  const [first] = racks;
  return first === undefined
    ? null
    : { fromMs: first.window.fromMs, toMs: first.window.toMs, statistic };
}

function notesOf(ask: PowerAsk, racks: readonly RackPower[]): readonly string[] {
  const sources = new Set(racks.flatMap(({ measured }) => measured.map(({ source }) => source)));
  return [
    "a host is taken to draw equally from all feeds of its rack; rows of the feeds of one rack have the same hosts, and their watts add up to the rack's",
    "hosts without a fresh measurement are counted and named, and are in no sum: where there are any, sums are lower bounds",
    ...(sources.size > 1
      ? [
          `several instruments are in these sums, and they cover different parts of a host: ${sourcesOf(racks)}`,
        ]
      : []),
    ...(ask.selector === null
      ? []
      : ["figures are of whole racks: of every rack in which a selected host stands"]),
    ...(ask.windowOf === null
      ? ["of a kept day p95 and max are known for each rack alone: rows of several racks have none"]
      : []),
  ];
}

/** null where one of them is not known: a part is no sum. */
function allOf<Value>(
  values: readonly Value[],
  figure: (value: Value) => number | null,
): number | null {
  let sum = 0;
  for (const value of values) {
    const one = figure(value);
    if (one === null) return null;
    sum += one;
  }
  return values.length === 0 ? null : sum;
}

function sumOf<Value>(values: readonly Value[], figure: (value: Value) => number): number {
  return values.reduce((sum, value) => sum + figure(value), 0);
}

function round(value: number | null, digits = 1): number | null {
  if (value === null) return null;
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
