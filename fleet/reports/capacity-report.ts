import { type Budgets, servingFloor } from "#fleet/lifecycle/plans/budget-limits.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import {
  addCounts,
  type AtomKey,
  atomKeys,
  type CapacityAtom,
  type CapacityCounts,
  type CapacityFigures,
  noCounts,
  type RackRoom,
} from "./capacity-figures.ts";
import { capacityColumns } from "./capacity-columns.ts";
import { groupBy, readGroup, rowOf } from "./grouping.ts";
import { type Report, type ReportRefusal, type ReportRow, reportRowsMax } from "./report.ts";

export const capacitySchema = "wws.report.capacity.v1";

const usualGroup: readonly AtomKey[] = ["site", "class"];
const placeKeys: readonly AtomKey[] = ["region", "site", "row", "rack"];

export interface CapacityAsk {
  /** Of all hosts of the cell: the floor is counted over whole classes of whole sites. */
  readonly whole: CapacityFigures;
  /** Of those that are asked for; `whole` itself where no selector is given. */
  readonly selected: CapacityFigures;
  readonly selector: string | null;
  /** `site,class` …; null: the usual. */
  readonly group: string | null;
  readonly budgets: Budgets;
  readonly madeMs: number;
}

/** Supply by place, class and state. Figures of rows add up to the total at every level. */
export function capacityReport(ask: CapacityAsk): Result<Report, ReportRefusal> {
  const group = readGroup(ask.group, {
    keys: atomKeys,
    usual: usualGroup,
    meaning: { state: ["phase", "doing", "placement"] },
  });
  if (!group.ok) return group;
  const keys = group.value;
  const { whole, selected } = ask;
  const floors = floorsOf(whole, ask.budgets);
  const racks = roomsOf(ask);
  const parts: Part[] = selected.atoms.map((atom) => ({ atom, room: null }));
  if (isOfPlaces(keys)) for (const room of racks) parts.push({ atom: null, room });
  const groups = groupBy(parts, (part) => keys.map((key) => valueUnder(part, key)));
  if (groups.length > reportRowsMax) return fail(tooManyRows(groups.length));
  const rows = groups.map((one) =>
    rowOf(keys, one.values, figuresOf(one.parts, floors, isOfPlaces(keys))),
  );
  const everything: Part[] = [
    ...selected.atoms.map((atom): Part => ({ atom, room: null })),
    ...racks.map((room): Part => ({ atom: null, room })),
  ];
  const counts = countsOf(everything);
  return ok({
    schema: capacitySchema,
    kind: "capacity",
    cell: whole.cell,
    madeMs: ask.madeMs,
    atMs: whole.atMs,
    window: null,
    selector: ask.selector,
    group: keys,
    columns: capacityColumns(keys),
    rows,
    total: rowOf(
      keys,
      keys.map(() => null),
      figuresOf(everything, floors, true),
    ),
    coverage: {
      share: counts.sellable === 0 ? 1 : counts.described / counts.sellable,
      words: `${counts.described} of ${counts.sellable} sellable hosts have said their cores, memory and disks; every host is counted`,
    },
    notes: notesOf(ask),
  });
}

/** A host's share of a row, or a rack's. */
type Part =
  | { readonly atom: CapacityAtom; readonly room: null }
  | { readonly atom: null; readonly room: RackRoom };

function valueUnder(part: Part, key: AtomKey): string {
  if (part.atom !== null) return part.atom[key];
  const { room } = part;
  return key === "region" || key === "site" || key === "row" || key === "rack" ? room[key] : "";
}

function isOfPlaces(keys: readonly AtomKey[]): boolean {
  return keys.every((key) => placeKeys.includes(key));
}

interface Floor {
  readonly standing: number;
  readonly serving: number;
  readonly floor: number;
}

/** By class × site, over the whole cell. */
function floorsOf(whole: CapacityFigures, budgets: Budgets): ReadonlyMap<string, Floor> {
  const sums = new Map<string, { standing: number; serving: number }>();
  for (const atom of whole.atoms) {
    const sum = sums.get(floorKey(atom)) ?? { standing: 0, serving: 0 };
    sum.standing += atom.counts.standing;
    sum.serving += atom.counts.serving;
    sums.set(floorKey(atom), sum);
  }
  return new Map(
    [...sums].map(([key, sum]) => [key, { ...sum, floor: servingFloor(budgets, sum.standing) }]),
  );
}

function floorKey(atom: CapacityAtom): string {
  return `${atom.site}\u0000${atom.class}`;
}

function countsOf(parts: readonly Part[]): CapacityCounts {
  return parts.reduce(
    (sum, { atom }) => (atom === null ? sum : addCounts(sum, atom.counts)),
    noCounts,
  );
}

function figuresOf(
  parts: readonly Part[],
  floors: ReadonlyMap<string, Floor>,
  hasRooms: boolean,
): ReportRow {
  const counts = countsOf(parts);
  const rooms = parts.flatMap(({ room }) => (room === null ? [] : [room]));
  const isKnown = counts.described === counts.sellable;
  const figure = (sum: number): number | null => (counts.described === 0 && !isKnown ? null : sum);
  return {
    hosts: counts.hosts,
    sellable_hosts: counts.sellable,
    leased_hosts: counts.leased,
    shared_hosts: counts.shared,
    cordoned_hosts: counts.cordoned,
    operated_hosts: counts.underOperation,
    quarantined_hosts: counts.quarantined,
    planned_hosts: counts.planned,
    lost_hosts: counts.lost,
    spare_hosts: counts.spare,
    tainted_hosts: counts.tainted,
    simulated_hosts: counts.simulated,
    retired_hosts: counts.retired,
    serving_hosts: counts.serving,
    out_hosts: counts.standing - counts.serving,
    ...floorFigures(parts, floors),
    rack_units: hasRooms ? sumOf(rooms, ({ units }) => units) : null,
    free_units: hasRooms ? sumOf(rooms, ({ unitsFree }) => unitsFree) : null,
    sellable_cores: figure(counts.sellableCores),
    sellable_memory_bytes: figure(counts.sellableMemoryBytes),
    sellable_disk_bytes: figure(counts.sellableDiskBytes),
    undescribed_hosts: counts.sellable - counts.described,
  };
}

/**
 * The floor belongs to a class in a site as a whole: a row that holds only a part of one (a rack, a
 * state, a selection) has none.
 */
function floorFigures(
  parts: readonly Part[],
  floors: ReadonlyMap<string, Floor>,
): { floor_hosts: number | null; room_hosts: number | null; below_floor_classes: number | null } {
  const standing = new Map<string, number>();
  for (const { atom } of parts) {
    if (atom === null || atom.counts.standing === 0) continue;
    const key = floorKey(atom);
    standing.set(key, (standing.get(key) ?? 0) + atom.counts.standing);
  }
  const none = { floor_hosts: null, room_hosts: null, below_floor_classes: null };
  let [floorSum, room, below] = [0, 0, 0];
  for (const [key, count] of standing) {
    const one = floors.get(key);
    if (one === undefined || one.standing !== count) return none;
    floorSum += one.floor;
    room += Math.max(0, one.serving - one.floor);
    if (one.serving < one.floor) below += 1;
  }
  return { floor_hosts: floorSum, room_hosts: room, below_floor_classes: below };
}

/** All racks; with a selector those in which a selected host stands. */
function roomsOf({ whole, selected, selector }: CapacityAsk): readonly RackRoom[] {
  if (selector === null) return whole.racks;
  const racks = new Set(selected.atoms.map(({ site, row, rack }) => `${site}/${row}/${rack}`));
  return whole.racks.filter(({ site, row, rack }) => racks.has(`${site}/${row}/${rack}`));
}

function notesOf({ selector, budgets }: CapacityAsk): readonly string[] {
  const share = Math.round(budgets.servingFloorShare * 100);
  return [
    "hosts are all but retired ones; sellable, leased, shared, cordoned and the like overlap, rows do not",
    `the serving floor is ${share} % of a class in a site, by the budgets of this manager now; a row with only a part of a class and site has none`,
    "cores, memory and disks are of sellable hosts as a whole, shares that leases have are not taken off",
    ...(selector === null
      ? []
      : ["with a selector, rack units are of the racks in which a selected host stands"]),
  ];
}

function sumOf<Value>(values: readonly Value[], figure: (value: Value) => number): number {
  return values.reduce((sum, value) => sum + figure(value), 0);
}

export function tooManyRows(rows: number): ReportRefusal {
  return {
    kind: "bad-group",
    words: `the report would have ${rows} rows; at most ${reportRowsMax} are given`,
    hint: "group by fewer keys, or give a selector",
  };
}
