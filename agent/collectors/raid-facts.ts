/** What a RAID tool says of its controllers, in plain values. null: it does not say. */
export interface RaidFacts {
  readonly tool: RaidTool;
  readonly controllers: readonly RaidController[];
  /** What the tool complains about, in its words. */
  readonly problems: readonly string[];
}

export type RaidTool = "storcli" | "sas-ircu" | "megacli" | "ssacli";

export interface RaidController {
  /** As the tool numbers it. */
  readonly id: string;
  readonly model: string | null;
  readonly serial: string | null;
  readonly firmware: string | null;
  /** 0000:65:00.0 */
  readonly pciAddress: string | null;
  readonly status: string | null;
  readonly isOptimal: boolean | null;
  readonly battery: "ok" | "failed" | "absent" | null;
  readonly temperatureCelsius: number | null;
  readonly correctableMemoryErrors: number | null;
  readonly uncorrectableMemoryErrors: number | null;
  readonly arrays: readonly RaidArray[];
  readonly disks: readonly RaidDisk[];
}

export interface RaidArray {
  readonly id: string;
  readonly name: string | null;
  readonly level: string | null;
  readonly state: string | null;
  /** It has lost redundancy, or more. null: the state is not one we know. */
  readonly isDegraded: boolean | null;
  readonly members: RaidMembers;
  /** Share done of a rebuild or check that runs; null: none runs, or it is not said. */
  readonly syncDone: number | null;
}

export interface RaidMembers {
  readonly active: number;
  readonly rebuilding: number;
  readonly failed: number;
  readonly spare: number;
  readonly missing: number;
}

export type DiskCondition =
  | "active"
  | "rebuilding"
  | "failed"
  | "spare"
  | "missing"
  | "unconfigured"
  | "foreign";

export interface RaidDisk {
  /** enclosure:slot, or as the tool has it (1I:1:3). */
  readonly slot: string;
  /** What `smartctl -d megaraid,N` counts by. */
  readonly deviceId: number | null;
  readonly state: string | null;
  readonly condition: DiskCondition | null;
  /** The group of drives that it belongs to. */
  readonly array: string | null;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly wwn: string | null;
  readonly firmware: string | null;
  readonly capacityBytes: number | null;
  readonly isRotational: boolean | null;
  readonly mediaErrors: number | null;
  readonly otherErrors: number | null;
  readonly predictiveFailures: number | null;
  readonly isSmartAlert: boolean | null;
  readonly temperatureCelsius: number | null;
}

export const unknownController: RaidController = {
  id: "",
  model: null,
  serial: null,
  firmware: null,
  pciAddress: null,
  status: null,
  isOptimal: null,
  battery: null,
  temperatureCelsius: null,
  correctableMemoryErrors: null,
  uncorrectableMemoryErrors: null,
  arrays: [],
  disks: [],
};

export const unknownDisk: RaidDisk = {
  slot: "",
  deviceId: null,
  state: null,
  condition: null,
  array: null,
  vendor: null,
  model: null,
  serial: null,
  wwn: null,
  firmware: null,
  capacityBytes: null,
  isRotational: null,
  mediaErrors: null,
  otherErrors: null,
  predictiveFailures: null,
  isSmartAlert: null,
  temperatureCelsius: null,
};

/** Counts drives by condition; unconfigured and foreign ones are no members. */
export function countMembers(conditions: readonly (DiskCondition | null)[]): RaidMembers {
  const count = (wanted: DiskCondition): number =>
    conditions.filter((condition) => condition === wanted).length;
  return {
    active: count("active"),
    rebuilding: count("rebuilding"),
    failed: count("failed"),
    spare: count("spare"),
    missing: count("missing"),
  };
}

/** No host has more; a text that says so is not believed further. */
export const raidLimits = { controllers: 16, arrays: 256, disks: 1_024, lines: 100_000 } as const;
