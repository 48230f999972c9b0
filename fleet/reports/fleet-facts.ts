import type {
  FeedRecord,
  HostRecord,
  RackRecord,
  SiteRecord,
} from "#fleet/inventory/host-record.ts";
import type { LinkState } from "#fleet/inventory/links.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import type { LifeView } from "#fleet/lifecycle/lifecycle.ts";
import type { Position } from "#proto/vocabulary/position.ts";

/** All that reports are made of, as it was at one moment. */
export interface FleetFacts {
  readonly atMs: number;
  readonly cell: string;
  readonly hosts: readonly HostFacts[];
  readonly racks: readonly RackRecord[];
  readonly sites: readonly SiteRecord[];
}

export interface HostFacts {
  readonly record: HostRecord;
  /** The power lines into its rack; empty: it has none, or nobody said. */
  readonly feeds: readonly FeedRecord[];
  readonly life: LifeView;
  readonly link: LinkState;
  readonly verdict: Verdict;
  /** Why it serves nobody now, in two words; null: it serves. The floor is counted by it. */
  readonly whyOut: string | null;
  /** null: not measured, or too long ago. */
  readonly power: PowerReading | null;
  /** null: it has not said; asked only of hosts that may take a lease. */
  readonly hardware: HardwareFacts | null;
}

export interface PowerReading {
  readonly watts: number;
  /** `dcmi`, `rapl-package` …; `unknown` where the series does not say. */
  readonly source: string;
}

export interface HardwareFacts {
  /** Of all its processors; null: not said. */
  readonly cores: number | null;
  readonly memoryBytes: number | null;
  /** Of its own disks, added. */
  readonly diskBytes: number | null;
}

/** A host that nobody gave a position stands in rows of its own. */
export const unplaced = "unplaced";
export const unclassed = "unclassed";

export interface PlaceNames {
  readonly region: string;
  readonly site: string;
  readonly row: string;
  readonly rack: string;
}

export function placeNames(position: Position | null): PlaceNames {
  if (position === null) return { region: unplaced, site: unplaced, row: unplaced, rack: unplaced };
  const { region, site, row, rack } = position;
  return { region, site, row, rack };
}
