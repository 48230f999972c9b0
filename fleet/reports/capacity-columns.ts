import type { AtomKey } from "./capacity-figures.ts";
import type { ReportColumn } from "./report.ts";

export const placeMeanings = {
  region: "part of the world: na, eu, ea; `unplaced` for hosts without a position",
  site: "data center by airport code; `unplaced` for hosts without a position",
  row: "line of racks in a site",
  rack: "rack within its row",
  class: "hardware class; `unclassed` while nobody knows it",
} as const;

const keyMeanings: Readonly<Record<AtomKey, string>> = {
  ...placeMeanings,
  phase: "the stored phase",
  doing: "kind of the operation that runs on the hosts; `nothing` where none does",
  placement: "`schedulable`, or the first reason why nothing new may be placed there",
};

/** A column of the group: text, never added. */
export function keyColumn(key: string, meaning: string): ReportColumn {
  return { key, title: key.toUpperCase(), unit: null, isWideOnly: false, meaning };
}

export function hostsColumn(
  key: string,
  title: string,
  meaning: string,
  isWideOnly = true,
): ReportColumn {
  return { key, title, unit: "{host}", isWideOnly, meaning };
}

const figures: readonly ReportColumn[] = [
  hostsColumn("hosts", "HOSTS", "all hosts but retired ones; planned ones are in", false),
  hostsColumn("sellable_hosts", "SELL", "may take a new lease now", false),
  hostsColumn("leased_hosts", "LEASED", "at least one lease runs there", false),
  hostsColumn("shared_hosts", "SHARED", "active, and no exclusive lease on it"),
  hostsColumn("cordoned_hosts", "CORDON", "hold a cordon"),
  hostsColumn("operated_hosts", "IN OP", "an operation runs, or is paused"),
  hostsColumn("quarantined_hosts", "QUAR", "phase quarantined"),
  hostsColumn("planned_hosts", "PLAN", "phase planned: a place and no hardware yet"),
  hostsColumn("lost_hosts", "LOST", "nobody hears them: link lost", false),
  hostsColumn("spare_hosts", "SPARE", "tagged `spare`"),
  hostsColumn("tainted_hosts", "TAINT", "somebody's data may be on the disks"),
  hostsColumn("simulated_hosts", "SIM", "simulated ones among the hosts"),
  hostsColumn("retired_hosts", "RETIRED", "out for good; in no other figure"),
  hostsColumn("serving_hosts", "SERVE", "able to serve now, as plans count it", false),
  hostsColumn("out_hosts", "OUT", "stand there and serve nobody, for whatever reason", false),
  hostsColumn("floor_hosts", "FLOOR", "must stay able to serve: share of class × site", false),
  hostsColumn("room_hosts", "ROOM", "serving above the floor, class × site by class × site"),
  {
    key: "below_floor_classes",
    title: "BELOW",
    unit: "{class}",
    isWideOnly: true,
    meaning: "classes of a site that serve with less than their floor",
  },
  {
    key: "rack_units",
    title: "UNITS",
    unit: "{unit}",
    isWideOnly: true,
    meaning: "height of the racks, added; only in rows of places",
  },
  {
    key: "free_units",
    title: "FREE U",
    unit: "{unit}",
    isWideOnly: true,
    meaning: "units in which nothing stands or shall stand; only in rows of places",
  },
  {
    key: "sellable_cores",
    title: "CORES",
    unit: "{core}",
    isWideOnly: true,
    meaning: "cores of sellable hosts that have said theirs",
  },
  {
    key: "sellable_memory_bytes",
    title: "MEMORY",
    unit: "By",
    isWideOnly: true,
    meaning: "memory of sellable hosts that have said theirs",
  },
  {
    key: "sellable_disk_bytes",
    title: "DISK",
    unit: "By",
    isWideOnly: true,
    meaning: "own disks of sellable hosts that have said theirs",
  },
  hostsColumn("undescribed_hosts", "UNSAID", "sellable, and not in cores, memory and disks"),
];

export function capacityColumns(keys: readonly AtomKey[]): readonly ReportColumn[] {
  return [...keys.map((key) => keyColumn(key, keyMeanings[key])), ...figures];
}
