/** What `dmidecode` says of a machine. null and empty: the firmware does not say. */
export interface DmiInventory {
  readonly firmware: DmiTexts<"vendor" | "version" | "date"> | null;
  readonly system: DmiTexts<
    "manufacturer" | "product" | "version" | "serial" | "uuid" | "sku"
  > | null;
  /** The first board; the others stand in `boards` too. */
  readonly board: DmiBoard | null;
  readonly boards: readonly DmiBoard[];
  readonly chassis: DmiTexts<"manufacturer" | "type" | "serial" | "assetTag"> | null;
  readonly processors: readonly DmiProcessor[];
  readonly memory: DmiMemory | null;
  /** Every slot, also the empty ones. */
  readonly modules: readonly DmiModule[];
  readonly supplies: readonly DmiSupply[];
  readonly bmc: DmiBmc | null;
  readonly onboard: readonly DmiOnboard[];
}

export type DmiTexts<Field extends string> = Readonly<Record<Field, string | null>>;

export interface DmiBoard
  extends DmiTexts<"manufacturer" | "product" | "version" | "serial" | "location"> {
  readonly slot: string;
}

export interface DmiProcessor extends DmiTexts<"vendor" | "model" | "serial" | "partNumber"> {
  readonly slot: string;
  readonly populated: boolean;
  /** Enabled, Idle, Disabled By User …; Idle is a processor that works. */
  readonly status: string | null;
  /** null: SMBIOS before 2.5 has no counts. */
  readonly cores: number | null;
  readonly coresEnabled: number | null;
  readonly threads: number | null;
}

export interface DmiMemory {
  readonly slots: number | null;
  readonly errorCorrection: string | null;
  readonly maximumBytes: number | null;
}

export interface DmiModule extends DmiTexts<"vendor" | "type" | "serial" | "partNumber"> {
  readonly slot: string;
  readonly installed: boolean;
  readonly sizeBytes: number | null;
  readonly ranks: number | null;
  readonly megatransfers: number | null;
  readonly configuredMegatransfers: number | null;
}

export interface DmiSupply
  extends DmiTexts<
    "vendor" | "model" | "serial" | "partNumber" | "revision" | "group" | "status" | "type"
  > {
  readonly slot: string;
  /** null: the firmware does not say. */
  readonly present: boolean | null;
  readonly plugged: boolean | null;
  readonly hotReplaceable: boolean | null;
  readonly capacityMilliwatts: number | null;
  /** As printed, where it says something: the proof of a rating that cannot be. */
  readonly capacityText: string | null;
}

export interface DmiBmc {
  /** kcs, bt, smic, ssif; null: another. */
  readonly interface: string | null;
  readonly specification: string | null;
  /** Of the interface's registers, as printed. */
  readonly address: string | null;
}

export interface DmiOnboard {
  readonly name: string | null;
  readonly type: string | null;
  readonly enabled: boolean;
  /** PCI address, as printed. */
  readonly address: string | null;
}
