import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { exits } from "../exits.ts";
import type { PlanKind } from "../plan.ts";
import { healthName } from "../urgent-drain.ts";
import type { Why } from "../why.ts";
import { type Budgets, servingFloor, siteLimit } from "./budget-limits.ts";
import { classOf, groupOf, rackOf, siteOf } from "./places.ts";
import {
  costsShare,
  countOut,
  isServingPhase,
  isUntold,
  takesHosts,
  whyOut,
  wouldCostShare,
} from "./serving.ts";
import { isStanding } from "./place-index.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

/** What is out and what is taken, counted once; each question after that costs no look at the fleet. */
export interface BudgetLedger {
  /** What has no room for this host; empty: all budgets have. `isAutomation`: nobody else asked for it. */
  mayStart(host: HostRecord, kind: PlanKind, isAutomation?: boolean): readonly Why[];
  /** It has been started: counted from now on. */
  note(host: HostRecord, kind: PlanKind, isAutomation?: boolean): void;
  used(): BudgetUse;
}

export interface BudgetUse {
  readonly racks: ReadonlyMap<string, number>;
  readonly feeds: ReadonlyMap<string, number>;
  readonly sites: ReadonlyMap<string, number>;
  readonly cell: number;
  readonly startsLastMinute: number;
  /** Class × site: hosts, and how many of them serve nobody. */
  readonly groups: ReadonlyMap<string, { readonly total: number; readonly out: number }>;
}

const minuteMs = 60_000;

export function createBudgetLedger(index: SnapshotIndex, budgets: Budgets): BudgetLedger {
  const { snapshot } = index;
  const racks = new Map<string, number>();
  const feeds = new Map<string, number>();
  const sites = new Map<string, number>();
  const groups = new Map<string, { total: number; out: number }>();
  const starts = snapshot.startsMs.filter((atMs) => atMs > snapshot.nowMs - minuteMs);
  let cell = 0;
  /** Drained by the automation alone, by rack and site: also those that had failed and cost no share. */
  const byItself = new Map<string, number>();
  const everywhere = "the cell";

  const take = (host: HostRecord): void => {
    const rack = rackOf(host);
    if (rack !== null) add(racks, rack);
    for (const line of new Set(index.feedLines(host))) add(feeds, line);
    add(sites, siteOf(host));
    cell += 1;
  };
  const takeByItself = (host: HostRecord): void => {
    for (const place of [rackOf(host), siteOf(host), everywhere])
      if (place !== null) add(byItself, place);
  };
  /** Counted when first asked for: a start asks of one group, and there may be many. */
  const groupNamed = (group: string): { total: number; out: number } => {
    const known = groups.get(group);
    if (known !== undefined) return known;
    const total = index.hostsByGroup.get(group)?.length ?? 0;
    const counted = { total, out: countOut(group, index) };
    groups.set(group, counted);
    return counted;
  };

  for (const host of index.busyHosts) {
    if (isStanding(host) && costsShare(host, index)) take(host);
    const operation = index.operationByHost.get(host.id);
    if (operation?.kind === "drain" && operation.by === healthName) takeByItself(host);
  }

  const takenWhy = (host: HostRecord): readonly Why[] => {
    const full: Why[] = [];
    const check = (what: string, taken: number, limit: number): void => {
      if (taken >= limit) full.push(budgetWhy(`${what} has ${taken} of ${limit} hosts out by us`));
    };
    const rack = rackOf(host);
    if (rack !== null) check(`rack ${rack}`, racks.get(rack) ?? 0, budgets.rack);
    for (const line of new Set(index.feedLines(host)))
      check(`feed ${line}`, feeds.get(line) ?? 0, budgets.feed);
    const site = siteOf(host);
    const limit = siteLimit(budgets, index.hostsBySite.get(site)?.length ?? 0);
    check(`site ${site}`, sites.get(site) ?? 0, limit);
    check("the cell", cell, budgets.cell);
    return full;
  };

  /** Nobody stands behind it: as many as would fit if they served, and no more. */
  const byItselfWhy = (host: HostRecord): readonly Why[] => {
    const site = siteOf(host);
    const limits: readonly (readonly [string | null, number])[] = [
      [rackOf(host), budgets.rack],
      [site, siteLimit(budgets, index.hostsBySite.get(site)?.length ?? 0)],
      [everywhere, budgets.cell],
    ];
    return limits.flatMap(([place, limit]) => {
      const taken = place === null ? 0 : (byItself.get(place) ?? 0);
      if (taken < limit) return [];
      return [budgetWhy(`${place} has ${taken} of ${limit} hosts drained by the automation`)];
    });
  };

  const floorWhy = (host: HostRecord): readonly Why[] => {
    const { total, out } = groupNamed(groupOf(host));
    const floor = servingFloor(budgets, total);
    const serving = total - out;
    if (serving - 1 >= floor) return [];
    const words = `class ${classOf(host)} in ${siteOf(host)} has ${serving} of ${total} hosts serving and must keep ${floor}`;
    return [
      {
        ...budgetWhy(words),
        code: "capacity",
        command: exits.hostList(`site=${siteOf(host)},class=${classOf(host)}`),
      },
    ];
  };

  return {
    mayStart(host, kind, isAutomation = false) {
      const why: Why[] = [];
      if (starts.length >= budgets.startsPerMinute)
        why.push(startsWhy(budgets, starts, snapshot.nowMs));
      if (wouldCostShare(host, kind, index)) why.push(...takenWhy(host));
      if (isAutomation) why.push(...byItselfWhy(host));
      // What may well serve is not taken as one that does not.
      const mayServe =
        isServingPhase(host) && (whyOut(host, index) === null || isUntold(host.id, index));
      if (takesHosts(kind) && mayServe) why.push(...floorWhy(host));
      return why;
    },
    note(host, kind, isAutomation = false) {
      starts.push(snapshot.nowMs);
      if (isAutomation) takeByItself(host);
      if (wouldCostShare(host, kind, index)) take(host);
      const group = groupNamed(groupOf(host));
      if (takesHosts(kind) && whyOut(host, index) === null) group.out += 1;
    },
    used() {
      for (const group of index.hostsByGroup.keys()) groupNamed(group);
      return { racks, feeds, sites, cell, groups, startsLastMinute: starts.length };
    },
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function budgetWhy(words: string): Why {
  return {
    code: "budget",
    words,
    who: "time: when one of them is back",
    command: exits.operationList(),
    untilMs: null,
  };
}

function startsWhy(budgets: Budgets, starts: readonly UnixMs[], nowMs: UnixMs): Why {
  // Room is there again when so many of the oldest are a minute old that one may begin.
  const ordered = starts.toSorted((left, right) => left - right);
  const leaving = ordered[ordered.length - budgets.startsPerMinute] ?? nowMs;
  return {
    code: "starts",
    words: `${starts.length === 1 ? "1 operation" : `${starts.length} operations`} began within the last minute, at most ${budgets.startsPerMinute} may`,
    who: "time",
    command: null,
    untilMs: unixMs(leaving + minuteMs),
  };
}
