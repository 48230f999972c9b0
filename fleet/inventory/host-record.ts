import type { BootId, CellId, HostId } from "#proto/vocabulary/ids.ts";
import type { Position, Region } from "#proto/vocabulary/position.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { RunningOperation } from "./running-operation.ts";

export const phases = [
  "planned",
  "new",
  "available",
  "active",
  "drained",
  "quarantined",
  "retired",
] as const;
export type Phase = (typeof phases)[number];

export const trusts = ["operated", "rented"] as const;
export type Trust = (typeof trusts)[number];

/** One server as the control store keeps it. What changes with each report is not in here. */
export interface HostRecord {
  readonly id: HostId;
  /** Unique in the cell; what people call it. */
  readonly name: string;
  readonly cell: CellId;
  readonly phase: Phase;
  readonly position: Position | null;
  /** How many rack units it fills, upwards from its position; 1 until somebody says otherwise. */
  readonly heightUnits: number;
  /** Hosts of one class are interchangeable for planning; derived from the inventory, null until known. */
  readonly hardwareClass: string | null;
  readonly serial: string | null;
  readonly simulated: boolean;
  /** Taken in as it stood (`enroll adopt`). */
  readonly adopted: boolean;
  /** Nothing is done to it until an operator says otherwise; what would have been done is logged. */
  readonly watchedOnly: boolean;
  /** `rented`: a tenant is root there, so its agent is no evidence. */
  readonly trust: Trust;
  /** The one exclusive operation under way; null: none. */
  readonly op: RunningOperation | null;
  /** Highest fencing number that an operation, or the lifting of its fence, had here. Never falls. */
  readonly epoch: number;
  /** For selecting, ascending: `storage`, `canary`. */
  readonly tags: readonly string[];
  /** Of its controller, as planned or as seen: `00:25:90:aa:bb:cc`. */
  readonly bmcMac: string | null;
  /** As planned: `sw-fra2-b07/Eth1/12`. */
  readonly switchPort: string | null;
  /** What it may draw at most by its maker's word, watts; null: nobody said. */
  readonly nameplateWatts: number | null;
  /** Begins at 1; a new identity raises it. */
  readonly generation: number;
  /** Counts every change of this record. */
  readonly revision: number;
  readonly bootId: BootId | null;
  readonly agentRelease: string | null;
  readonly createdMs: UnixMs;
  /** Latest report that was on disk when the record was last written; the live figure is newer. */
  readonly lastReportMs: UnixMs | null;
}

export interface SiteRecord {
  readonly code: string;
  readonly region: Region;
  /** IANA zone, `Europe/Berlin`; null where nobody said. */
  readonly timeZone: string | null;
  readonly cell: CellId;
  /** When it may be disturbed, in its own time; empty: at any time. */
  readonly windows: readonly MaintenanceWindow[];
}

/** `days` 1 (Monday) to 7; minutes since midnight; one that ends before it starts lasts into the next day. */
export interface MaintenanceWindow {
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** Identified by `${site}/${row}/${rack}`. */
export interface RackRecord {
  readonly id: string;
  readonly region: Region;
  readonly site: string;
  readonly row: string;
  readonly rack: string;
  readonly heightUnits: number;
  /** Its power lines, usually `A` and `B`; empty: nobody said. */
  readonly feeds: readonly FeedRecord[];
}

/** One power line into a rack. Feeds of one name and upstream in a row fail together. */
export interface FeedRecord {
  readonly name: string;
  /** What it may carry, watts; null: nobody said. */
  readonly budgetWatts: number | null;
  /** What feeds it: `ups-a2`; null: itself. */
  readonly upstream: string | null;
}
