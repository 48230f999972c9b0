import type { CellId, HostId } from "#proto/vocabulary/ids.ts";
import type { HostRecord, RackRecord, SiteRecord } from "../host-record.ts";
import { compareHosts } from "./compare-hosts.ts";
import { comparePlaces } from "./compare-places.ts";
import { checkRacks } from "./compare-racks.ts";
import type { EstateComparison } from "./estate-changes.ts";
import type { EstateReading } from "./estate-document.ts";
import { type EstateProblem, ProblemList } from "./estate-problem.ts";
import { atOnce, type Slices } from "./slices.ts";

/** The estate as it is known. */
export interface CurrentEstate {
  readonly cell: CellId;
  readonly sites: readonly SiteRecord[];
  readonly racks: readonly RackRecord[];
  readonly hosts: readonly HostRecord[];
  /** Measured watts of a host; null: none was measured. */
  readonly wattsOf: (id: HostId) => number | null;
}

/**
 * What a file would change, and everything that stands against it; pure, and linear in the file and
 * the inventory. What is not in the file stays as it is: nothing is ever removed by a file.
 */
export function compareEstate(
  file: string,
  reading: EstateReading,
  current: CurrentEstate,
): EstateComparison {
  return atOnce(compareEstateInSlices(file, reading, current));
}

/** The same, stopping after some hundred rows. */
export function* compareEstateInSlices(
  file: string,
  { estate, problems: read, problemsLeftOut, notes }: EstateReading,
  current: CurrentEstate,
): Slices<EstateComparison> {
  const found = new ProblemList(file);
  const places = yield* comparePlaces(estate, current, current.cell, found);
  yield;
  const hosts = yield* compareHosts(estate.hosts, current.hosts, places.siteOf, found);
  yield* checkRacks(places, hosts.standing, current.wattsOf, found);
  return {
    changes: { sites: places.sites, racks: places.racks, hosts: hosts.writes },
    problems: [...read, ...found.problems].sort((one, other) => placeOf(one) - placeOf(other)),
    problemsLeftOut: problemsLeftOut + found.leftOut,
    notes: [...notes, ...found.notes],
    unchanged: places.unchanged + hosts.unchanged,
  };
}

/** In the order of the file; what concerns all of it first. */
function placeOf({ at }: EstateProblem): number {
  return Number(/\d{1,9}/.exec(at ?? "")?.[0] ?? -1);
}
