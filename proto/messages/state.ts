import type { AbsenceReason } from "#proto/vocabulary/absence.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { Attribute } from "./series.ts";

/** Slow facts of a host; the latest revision wins. */
export interface HostState {
  readonly revision: number;
  readonly observedMs: UnixMs;
  readonly identity: Identity;
  readonly collectors: readonly CollectorOutcome[];
  readonly absences: readonly Absence[];
  /** Which source `hw.host.power` comes from; null where the host has none. */
  readonly powerSource: string | null;
}

/** null: the host does not say; an entry in `absences` says why. Text as the firmware gives it. */
export interface Identity {
  readonly hostname: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
  readonly serial: string | null;
  readonly systemUuid: string | null;
  readonly assetTag: string | null;
  readonly boardManufacturer: string | null;
  readonly boardProduct: string | null;
  readonly boardSerial: string | null;
  readonly firmwareVendor: string | null;
  readonly firmwareVersion: string | null;
  readonly firmwareDate: string | null;
  /** "none" on bare metal, else the hypervisor's name. */
  readonly virtualization: string | null;
  readonly kernel: string | null;
  readonly os: string | null;
  readonly architecture: string | null;
  readonly processor: Processor | null;
  readonly memoryBytes: number | null;
  readonly numaNodes: number | null;
  readonly components: readonly Component[];
}

export interface Processor {
  readonly model: string;
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

/** `unspecified`: a kind that this release does not know. */
export type ComponentKind = "unspecified" | "disk" | "nic" | "dimm" | "psu" | "gpu" | "bmc";

export interface Component {
  readonly kind: ComponentKind;
  readonly slot: string;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly firmware: string | null;
  readonly sizeBytes: number | null;
  readonly speedBitsPerSecond: number | null;
  readonly address: string | null;
  readonly interface: string | null;
  readonly rotational: boolean | null;
}

export interface CollectorOutcome {
  readonly subject: string;
  readonly outcome: "unspecified" | "ok" | "partial" | "failed";
  readonly durationMicroseconds: number;
  readonly series: number;
  readonly detail: string;
}

/** A reading that this host does not give, and why. */
export interface Absence {
  readonly what: string;
  readonly attributes: readonly Attribute[];
  readonly reason: AbsenceReason;
  readonly detail: string;
}

export const unknownIdentity: Identity = {
  hostname: null,
  manufacturer: null,
  product: null,
  serial: null,
  systemUuid: null,
  assetTag: null,
  boardManufacturer: null,
  boardProduct: null,
  boardSerial: null,
  firmwareVendor: null,
  firmwareVersion: null,
  firmwareDate: null,
  virtualization: null,
  kernel: null,
  os: null,
  architecture: null,
  processor: null,
  memoryBytes: null,
  numaNodes: null,
  components: [],
};
