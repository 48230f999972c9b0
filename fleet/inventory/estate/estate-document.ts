import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Region } from "#proto/vocabulary/position.ts";
import type { FeedRecord, MaintenanceWindow } from "../host-record.ts";
import type { EstateNote, EstateProblem } from "./estate-problem.ts";

/**
 * What a file says of the estate. A field that is undefined was not said: what is known stays. null
 * says that there is none. That something is not in the file says nothing at all.
 */
export interface EstateDocument {
  readonly sites: readonly EstateSite[];
  readonly racks: readonly EstateRack[];
  readonly hosts: readonly EstateHost[];
}

export interface EstateSite {
  /** Where in the file: `line 12`, `hosts[3]`. */
  readonly at: string;
  readonly code: string;
  readonly region: Region | undefined;
  readonly timeZone: string | null | undefined;
  readonly windows: readonly MaintenanceWindow[] | undefined;
}

export interface EstateRack {
  readonly at: string;
  readonly region: Region | undefined;
  readonly site: string;
  readonly row: string;
  readonly rack: string;
  readonly heightUnits: number | undefined;
  readonly feeds: readonly FeedRecord[] | undefined;
}

export interface EstatePlace {
  /** undefined: that of the site. */
  readonly region: Region | undefined;
  readonly site: string;
  readonly row: string;
  readonly rack: string;
  readonly unit: number;
}

export interface EstateHost {
  readonly at: string;
  readonly id: HostId | undefined;
  readonly name: string;
  readonly serial: string | null | undefined;
  readonly hardwareClass: string | null | undefined;
  readonly place: EstatePlace | null | undefined;
  readonly heightUnits: number | undefined;
  readonly bmcMac: string | null | undefined;
  readonly switchPort: string | null | undefined;
  readonly tags: readonly string[] | undefined;
  /** As it stands there; only `planned` can be imported. */
  readonly phase: string | undefined;
  readonly nameplateWatts: number | null | undefined;
  /** Mounted at the back of the rack, where another may sit at its front. */
  readonly isRear: boolean;
}

/** A file after it was read. With a problem in it nothing of it is written. */
export interface EstateReading {
  readonly estate: EstateDocument;
  readonly problems: readonly EstateProblem[];
  /** Problems beyond those that are told. */
  readonly problemsLeftOut: number;
  readonly notes: readonly EstateNote[];
}

export const estateFormats = ["csv", "json", "netbox"] as const;
export type EstateFormat = (typeof estateFormats)[number];

export interface ReadEstateOptions {
  /** What the file is called, for the problems. */
  readonly file: string;
  /** undefined: found out. */
  readonly format: EstateFormat | undefined;
  /** NetBox: roles whose devices are hosts; empty: all, where the file has one role only. */
  readonly roles: readonly string[];
  /** NetBox: our code of a site that is called otherwise there, by its name in lower case. */
  readonly siteCodes: ReadonlyMap<string, string>;
  /** NetBox: the row of racks that have no location: `row-a`. */
  readonly rowUsual: string | undefined;
}

/** 32 MiB of text; SAFETY's limit of an import. */
export const estateCharactersMax = 32 * 1024 * 1024;
export const estateRowsMax = 200_000;
