import { rowsPerSlice } from "./slices.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { HostRecord, RackRecord, SiteRecord } from "../host-record.ts";
import type { EstateNote, EstateProblem } from "./estate-problem.ts";

/** What a file may say of a host; the rest of its record is its own life's. */
export type HostFacts = Pick<
  HostRecord,
  | "name"
  | "serial"
  | "hardwareClass"
  | "position"
  | "heightUnits"
  | "bmcMac"
  | "switchPort"
  | "tags"
  | "nameplateWatts"
>;

/** One field, as people read it; null: none. */
export interface FieldChange {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface PlaceWrite<Place extends SiteRecord | RackRecord> {
  /** Where in the file. */
  readonly at: string;
  readonly record: Place;
  /** null: it is new. What stands now must be this, or nothing is written. */
  readonly before: Place | null;
  readonly fields: readonly FieldChange[];
}

export interface HostWrite {
  readonly at: string;
  /** null: a new host, planned. */
  readonly id: HostId | null;
  /** Revision that must stand; null: it is new. */
  readonly expectedRevision: number | null;
  readonly facts: HostFacts;
  readonly fields: readonly FieldChange[];
}

/** All that a file changes; written whole or not at all. */
export interface EstateChanges {
  readonly sites: readonly PlaceWrite<SiteRecord>[];
  readonly racks: readonly PlaceWrite<RackRecord>[];
  readonly hosts: readonly HostWrite[];
}

export interface EstateComparison {
  readonly changes: EstateChanges;
  /** With one of these nothing is written. */
  readonly problems: readonly EstateProblem[];
  readonly problemsLeftOut: number;
  readonly notes: readonly EstateNote[];
  /** Sites, racks and hosts of the file that are as it says. */
  readonly unchanged: number;
}

export function countChanges({ sites, racks, hosts }: EstateChanges): number {
  return sites.length + racks.length + hosts.length;
}

/** The changes as a text that is the same for the same changes: what a person saw is what is written. */
export function changesText(changes: EstateChanges): string {
  return [...changesPieces(changes)].join("");
}

/** The same, piece by piece: it may be as long as the file. */
export function* changesPieces({ sites, racks, hosts }: EstateChanges): Generator<string> {
  const places = [
    sites.map(({ record, fields }) => [record.code, fields]),
    racks.map(({ record, fields }) => [record.id, fields]),
  ];
  yield `[${places.map((part) => JSON.stringify(part)).join(",")},[`;
  for (let from = 0; from < hosts.length; from += rowsPerSlice) {
    const piece = hosts
      .slice(from, from + rowsPerSlice)
      .map(({ id, facts, fields }) => JSON.stringify([id === null ? facts.name : id, fields]));
    yield `${from === 0 ? "" : ","}${piece.join(",")}`;
  }
  yield "]]";
}
