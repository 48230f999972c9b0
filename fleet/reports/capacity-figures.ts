import type { RackRecord } from "#fleet/inventory/host-record.ts";
import { type FleetFacts, type HostFacts, placeNames, unclassed } from "./fleet-facts.ts";

/** What hosts of one state in one rack add up to. Every host is in exactly one of these. */
export interface CapacityAtom {
  readonly region: string;
  readonly site: string;
  readonly row: string;
  readonly rack: string;
  readonly class: string;
  readonly phase: string;
  /** The kind of the operation that runs; `nothing`. */
  readonly doing: string;
  /** `schedulable`, or the first reason why not: `hold cordon`, `lease`, `link`. */
  readonly placement: string;
  readonly counts: CapacityCounts;
}

/** Hosts, unless the name says otherwise. Each adds up over atoms. */
export interface CapacityCounts {
  /** All but retired ones. */
  readonly hosts: number;
  readonly retired: number;
  /** May take a new lease now. */
  readonly sellable: number;
  /** A lease runs on it, exclusive or shared. */
  readonly leased: number;
  /** Active, and no exclusive lease on it. */
  readonly shared: number;
  readonly cordoned: number;
  readonly underOperation: number;
  readonly quarantined: number;
  readonly planned: number;
  readonly lost: number;
  /** Tagged `spare`. */
  readonly spare: number;
  readonly tainted: number;
  readonly simulated: number;
  /** Neither planned nor retired: what the floor is counted over. */
  readonly standing: number;
  /** Of those that stand, who serves now. */
  readonly serving: number;
  /** Of the sellable ones, who has said cores, memory and disks. */
  readonly described: number;
  readonly sellableCores: number;
  readonly sellableMemoryBytes: number;
  readonly sellableDiskBytes: number;
}

/** The room of one rack; planned hosts have theirs already. */
export interface RackRoom {
  readonly region: string;
  readonly site: string;
  readonly row: string;
  readonly rack: string;
  readonly units: number;
  readonly unitsFree: number;
}

/** Capacity at one moment, fine enough that every report of it can be made from this alone. */
export interface CapacityFigures {
  readonly atMs: number;
  readonly cell: string;
  readonly atoms: readonly CapacityAtom[];
  readonly racks: readonly RackRoom[];
}

export function capacityFigures(facts: FleetFacts): CapacityFigures {
  const atoms = new Map<string, CapacityAtom>();
  for (const host of facts.hosts) {
    const next = atomOf(host);
    const key = atomKeys.map((name) => next[name]).join("\u0000");
    const known = atoms.get(key);
    atoms.set(
      key,
      known === undefined ? next : { ...known, counts: addCounts(known.counts, next.counts) },
    );
  }
  const taken = takenUnits(facts);
  return {
    atMs: facts.atMs,
    cell: facts.cell,
    atoms: [...atoms.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, atom]) => atom),
    racks: facts.racks.map((rack) => roomOf(rack, taken.get(rack.id) ?? new Set())),
  };
}

export const atomKeys = [
  "region",
  "site",
  "row",
  "rack",
  "class",
  "phase",
  "doing",
  "placement",
] as const;
export type AtomKey = (typeof atomKeys)[number];

function atomOf(host: HostFacts): CapacityAtom {
  const { record, life, hardware } = host;
  const isRetired = record.phase === "retired";
  const isStanding = !isRetired && record.phase !== "planned";
  const isExclusive = life.leases.some(({ share }) => share === "exclusive");
  const isSellable = life.isSchedulable && !isRetired;
  const described =
    hardware !== null &&
    hardware.cores !== null &&
    hardware.memoryBytes !== null &&
    hardware.diskBytes !== null
      ? hardware
      : null;
  const one = (is: boolean): number => (is && !isRetired ? 1 : 0);
  return {
    ...placeNames(record.position),
    class: record.hardwareClass ?? unclassed,
    phase: record.phase,
    doing: record.op?.kind ?? "nothing",
    placement: placementOf(host),
    counts: {
      hosts: one(true),
      retired: isRetired ? 1 : 0,
      sellable: one(isSellable),
      leased: one(life.leases.length > 0),
      shared: one(record.phase === "active" && !isExclusive),
      cordoned: one(life.holds.some(({ kind }) => kind === "cordon")),
      underOperation: one(record.op !== null),
      quarantined: one(record.phase === "quarantined"),
      planned: one(record.phase === "planned"),
      lost: one(host.link === "lost"),
      spare: one(record.tags.includes("spare")),
      tainted: one(life.data === "tainted"),
      simulated: one(record.simulated),
      standing: one(isStanding),
      serving: one(isStanding && host.whyOut === null),
      described: one(isSellable && described !== null),
      sellableCores: isSellable ? (described?.cores ?? 0) : 0,
      sellableMemoryBytes: isSellable ? (described?.memoryBytes ?? 0) : 0,
      sellableDiskBytes: isSellable ? (described?.diskBytes ?? 0) : 0,
    },
  };
}

function placementOf({ life }: HostFacts): string {
  const [why] = life.whyNotSchedulable;
  if (why === undefined) return "schedulable";
  if (why.code !== "hold") return why.code;
  // Which kind of hold says more than that there is one.
  const kinds = life.holds.map(({ kind }) => kind);
  const kind = ["fault", "cordon", "reservation"].find((word) => kinds.some((one) => one === word));
  return kind === undefined ? "hold" : `hold ${kind}`;
}

export const noCounts: CapacityCounts = {
  hosts: 0,
  retired: 0,
  sellable: 0,
  leased: 0,
  shared: 0,
  cordoned: 0,
  underOperation: 0,
  quarantined: 0,
  planned: 0,
  lost: 0,
  spare: 0,
  tainted: 0,
  simulated: 0,
  standing: 0,
  serving: 0,
  described: 0,
  sellableCores: 0,
  sellableMemoryBytes: 0,
  sellableDiskBytes: 0,
};
export const countKeys = Object.keys(noCounts) as readonly (keyof CapacityCounts)[];

export function addCounts(left: CapacityCounts, right: CapacityCounts): CapacityCounts {
  const sum: Record<keyof CapacityCounts, number> = { ...left };
  for (const key of countKeys) sum[key] += right[key];
  return sum;
}

/** By rack, the units in which something stands or shall stand. */
function takenUnits({ hosts }: FleetFacts): ReadonlyMap<string, ReadonlySet<number>> {
  const taken = new Map<string, Set<number>>();
  for (const { record } of hosts) {
    const { position } = record;
    if (position === null || record.phase === "retired") continue;
    const rack = `${position.site}/${position.row}/${position.rack}`;
    const units = taken.get(rack) ?? new Set();
    for (let at = 0; at < record.heightUnits; at += 1) units.add(position.unit + at);
    taken.set(rack, units);
  }
  return taken;
}

function roomOf(rack: RackRecord, taken: ReadonlySet<number>): RackRoom {
  let used = 0;
  for (const unit of taken) if (unit >= 1 && unit <= rack.heightUnits) used += 1;
  const { region, site, row, rack: name, heightUnits } = rack;
  return { region, site, row, rack: name, units: heightUnits, unitsFree: heightUnits - used };
}
