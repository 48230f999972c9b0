import type { FeedRecord } from "#fleet/inventory/host-record.ts";
import { feedLineOf } from "#fleet/lifecycle/plans/places.ts";
import { isStanding } from "#fleet/lifecycle/plans/place-index.ts";
import { type FleetFacts, type HostFacts, placeNames, unplaced } from "./fleet-facts.ts";
import type { PowerHistory, PowerWindow, RackDraw } from "./power-history.ts";

/** What one rack draws, and what its feeds may carry. */
export interface RackPower {
  readonly region: string;
  readonly site: string;
  readonly row: string;
  readonly rack: string;
  /** `fra2/row-b/rack-07`, or `unplaced`. */
  readonly id: string;
  readonly feeds: readonly PowerFeed[];
  /** Hosts that stand there: neither planned nor retired. */
  readonly hosts: number;
  /** By instrument, how many hosts and what they draw together. */
  readonly measured: readonly SourceSum[];
  /** Names of hosts without a fresh measurement, ascending. */
  readonly unmeasured: readonly string[];
  readonly window: PowerWindow;
}

export interface PowerFeed {
  readonly name: string;
  /** What fails as one with it. */
  readonly line: string;
  readonly budgetWatts: number | null;
}

export interface SourceSum {
  readonly source: string;
  readonly hosts: number;
  readonly watts: number;
}

export interface PowerFigures {
  readonly atMs: number;
  readonly cell: string;
  readonly racks: readonly RackPower[];
}

/** By rack; a rack in which nobody stands is there with nothing, unplaced hosts are one more. */
export function powerFigures(
  facts: FleetFacts,
  history: Pick<PowerHistory, "window">,
  spanMs: number,
): PowerFigures {
  const byRack = standingByRack(facts);
  const span = { toMs: facts.atMs, spanMs };
  const racks: RackPower[] = facts.racks.map((rack) => {
    const { region, site, row, rack: name, id } = rack;
    const feeds = rack.feeds.map((feed: FeedRecord) => ({
      name: feed.name,
      line: feedLineOf(rack, feed),
      budgetWatts: feed.budgetWatts,
    }));
    const place = { region, site, row, rack: name, id, feeds };
    return { ...place, ...drawOf(byRack.get(id) ?? []), window: history.window(alone(id), span) };
  });
  const known = new Set(facts.racks.map(({ id }) => id));
  // A host whose rack nobody described still draws.
  for (const [id, hosts] of byRack) {
    if (known.has(id)) continue;
    const place = placeNames(hosts[0]?.record.position ?? null);
    const watched = history.window(alone(id), span);
    racks.push({ ...place, id, feeds: [], ...drawOf(hosts), window: watched });
  }
  return { atMs: facts.atMs, cell: facts.cell, racks };
}

function alone(rack: string): ReadonlyMap<string, number> {
  return new Map([[rack, 1]]);
}

/** One minute of every rack, for the history. */
export function drawsOfRacks(hosts: readonly Drawing[]): ReadonlyMap<string, RackDraw> {
  const draws = new Map<string, RackDraw>();
  for (const [id, here] of standingByRack({ hosts })) {
    const { measured } = drawOf(here);
    draws.set(id, {
      watts: measured.reduce((sum, { watts }) => sum + watts, 0),
      measured: measured.reduce((sum, one) => sum + one.hosts, 0),
      hosts: here.length,
      sources: measured.map(({ source }) => source),
    });
  }
  return draws;
}

type Drawing = Pick<HostFacts, "record" | "power">;

function standingByRack(facts: {
  readonly hosts: readonly Drawing[];
}): ReadonlyMap<string, readonly Drawing[]> {
  const byRack = new Map<string, Drawing[]>();
  for (const host of facts.hosts) {
    if (!isStanding(host.record)) continue;
    const { position } = host.record;
    const id = position === null ? unplaced : `${position.site}/${position.row}/${position.rack}`;
    const hosts = byRack.get(id);
    if (hosts === undefined) byRack.set(id, [host]);
    else hosts.push(host);
  }
  return byRack;
}

function drawOf(hosts: readonly Drawing[]): Pick<RackPower, "hosts" | "measured" | "unmeasured"> {
  const sums = new Map<string, { hosts: number; watts: number }>();
  const unmeasured: string[] = [];
  for (const { record, power } of hosts) {
    if (power === null) {
      unmeasured.push(record.name);
      continue;
    }
    const sum = sums.get(power.source) ?? { hosts: 0, watts: 0 };
    sum.hosts += 1;
    sum.watts += power.watts;
    sums.set(power.source, sum);
  }
  const measured = [...sums]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([source, sum]) => ({ source, ...sum }));
  return { hosts: hosts.length, measured, unmeasured: unmeasured.toSorted() };
}
