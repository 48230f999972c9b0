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
  /** null: not looked for. */
  readonly boot: BootEvidence | null;
}

/** What was found of how the boot before this one ended. Evidence alone; health judges. */
export interface BootEvidence {
  readonly bootedMs: UnixMs;
  /** Name of each pstore record and its telling line; newest first. */
  readonly pstore: readonly string[];
  /** Entries of the BMC's event log in the minutes before and at this boot, oldest first. */
  readonly sel: readonly SelEntry[];
  /** WDIOF_* bits of /sys/class/watchdog/…/bootstatus; null: no watchdog tells. */
  readonly watchdogStatus: number | null;
  /** Whether the agent of the boot before was told to stop; null: there was none. */
  readonly agentStopped: boolean | null;
  /** When that agent last wrote its status, by its host's clock. */
  readonly agentLastMs: UnixMs | null;
  /** How the system says that it was left: reboot, poweroff, halt, kexec. */
  readonly shutdown: string | null;
}

/** One entry of the BMC's event log. */
export interface SelEntry {
  readonly id: number;
  /** By the BMC's clock; null before its initialisation. */
  readonly atMs: UnixMs | null;
  readonly sensor: string;
  readonly event: string;
  readonly asserted: boolean;
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
export type ComponentKind =
  | "unspecified"
  | "disk"
  | "nic"
  | "dimm"
  | "psu"
  | "gpu"
  | "bmc"
  | "board"
  | "cpu"
  | "controller";

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
  readonly partNumber: string | null;
  /** Slot of the component that it hangs on: the controller of a disk. */
  readonly parent: string | null;
  /** What a NIC's neighbour says of itself by LLDP: switch and port. */
  readonly neighbor: string | null;
}

/** Of a component of which nothing is known but that it is there. */
export const unknownComponent: Component = {
  kind: "unspecified",
  slot: "",
  vendor: null,
  model: null,
  serial: null,
  firmware: null,
  sizeBytes: null,
  speedBitsPerSecond: null,
  address: null,
  interface: null,
  rotational: null,
  partNumber: null,
  parent: null,
  neighbor: null,
};

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
