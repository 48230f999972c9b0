import type { HostId } from "#proto/vocabulary/ids.ts";
import type { RackRecord } from "../host-record.ts";
import { rackIdOf } from "../rack-id.ts";
import type { StandingHost } from "./compare-hosts.ts";
import type { ComparedPlaces } from "./compare-places.ts";
import type { ProblemList } from "./estate-problem.ts";
import { rowsPerSlice, type Slices } from "./slices.ts";

/** What each rack will hold: whether it fits, and whether its feeds carry it. Only racks that change. */
export function* checkRacks(
  places: ComparedPlaces,
  standing: readonly StandingHost[],
  /** Measured watts; null: nothing was measured. */
  wattsOf: (id: HostId) => number | null,
  problems: ProblemList,
): Slices<void> {
  const byRack = new Map<string, StandingHost[]>();
  for (const [count, host] of standing.entries()) {
    if (count % rowsPerSlice === rowsPerSlice - 1) yield;
    if (host.facts.position === null) continue;
    const id = rackIdOf(host.facts.position);
    const list = byRack.get(id);
    if (list === undefined) byRack.set(id, [host]);
    else list.push(host);
  }
  let sinceYield = 0;
  for (const [id, hosts] of byRack) {
    sinceYield += hosts.length;
    if (sinceYield >= rowsPerSlice) {
      sinceYield = 0;
      yield;
    }
    const rack = places.rackOf.get(id);
    const touchedAt = places.touched.get(id) ?? hosts.find(({ at }) => at !== null)?.at ?? null;
    if (rack === undefined || touchedAt === null) continue;
    checkHeight(rack, hosts, places.touched.get(id), problems);
    checkUnits(rack, hosts, problems);
    checkFeeds(rack, hosts, touchedAt, wattsOf, problems);
  }
}

function checkHeight(
  rack: RackRecord,
  hosts: readonly StandingHost[],
  rackAt: string | undefined,
  problems: ProblemList,
): void {
  for (const host of hosts) {
    const top = unitOf(host) + host.facts.heightUnits - 1;
    const at = host.at ?? rackAt;
    if (top <= rack.heightUnits || at === undefined) continue;
    problems.add(
      "rack-too-low",
      at,
      host.at === null ? "height_units" : "position",
      `${host.name} fills ${unitsOf(host)}, and ${rack.id} has ${rack.heightUnits} units`,
      `correct its place; if the rack is higher, import its height: site,row,rack,height_units`,
    );
  }
}

/** Each unit belongs to one host; the later row of the file is told. */
function checkUnits(rack: RackRecord, hosts: readonly StandingHost[], problems: ProblemList): void {
  const owners = new Map<number, StandingHost>();
  // Those that stay as they are keep their place.
  const inOrder = [
    ...hosts.filter(({ at }) => at === null),
    ...hosts.filter(({ at }) => at !== null),
  ];
  for (const host of inOrder) {
    let inTheWay: StandingHost | undefined;
    for (let unit = unitOf(host); unit < unitOf(host) + host.facts.heightUnits; unit += 1) {
      inTheWay ??= owners.get(unit);
      if (!owners.has(unit)) owners.set(unit, host);
    }
    if (inTheWay === undefined || host.at === null) continue;
    const other = inTheWay.at === null ? "" : ` (${inTheWay.at})`;
    const both = `${host.name} at ${unitsOf(host)} of ${rack.id} stands where ${inTheWay.name}${other} is, ${unitsOf(inTheWay)}`;
    if (host.isRear === inTheWay.isRear)
      problems.add("unit-overlap", host.at, "position", both, "give one of them another unit");
    else
      problems.add(
        "half-depth",
        host.at,
        "position",
        `${both}; one at the front and one at the back of one unit are not known here`,
        "a unit holds one host: leave the half-depth device out, or give it another unit",
      );
  }
}

/**
 * Two feeds are there so that one may fail: each must carry the whole rack alone. Measured watts
 * where there are some, else what the maker says.
 */
function checkFeeds(
  rack: RackRecord,
  hosts: readonly StandingHost[],
  at: string,
  wattsOf: (id: HostId) => number | null,
  problems: ProblemList,
): void {
  let watts = 0;
  let told = 0;
  for (const { id, facts } of hosts) {
    const known = (id === null ? null : wattsOf(id as HostId)) ?? facts.nameplateWatts;
    if (known === null) continue;
    watts += known;
    told += 1;
  }
  for (const { name, budgetWatts } of rack.feeds)
    if (budgetWatts !== null && watts > budgetWatts)
      problems.add(
        "feed-over-budget",
        at,
        "feeds_watts",
        `the ${told} of ${hosts.length} hosts of ${rack.id} that say draw ${Math.round(watts)} W, and feed ${name} carries ${budgetWatts} W alone`,
        "put hosts elsewhere, or correct the budget of the feed or the nameplate watts",
      );
}

function unitOf(host: StandingHost): number {
  return host.facts.position?.unit ?? 1;
}

/** `u12`, `u12-u13`. */
function unitsOf(host: StandingHost): string {
  const unit = unitOf(host);
  const { heightUnits } = host.facts;
  return heightUnits === 1 ? `u${unit}` : `u${unit}-u${unit + heightUnits - 1}`;
}
