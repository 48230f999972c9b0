import type { BootId, CellId, HostId } from "#proto/vocabulary/ids.ts";
import type { Position, Region } from "#proto/vocabulary/position.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

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
  /** Taken in as it stood (`enroll adopt`): watched only. */
  readonly adopted: boolean;
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
}

/** Identified by `${site}/${row}/${rack}`. */
export interface RackRecord {
  readonly id: string;
  readonly region: Region;
  readonly site: string;
  readonly row: string;
  readonly rack: string;
  readonly heightUnits: number;
}
