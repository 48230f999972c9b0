/** What a server that we could not record is made of; the texts of its kernel follow from it. */
export interface ServerShape {
  /** The fixture's folder. */
  readonly name: string;
  /** For a person: what it stands for. */
  readonly machineClass: string;
  readonly seed: number;
  readonly frames: number;
  readonly product: string;
  readonly processor: {
    readonly model: string;
    readonly vendor: "GenuineIntel" | "AuthenticAMD";
    readonly sockets: number;
    readonly coresPerSocket: number;
    readonly threadsPerCore: 1 | 2;
  };
  readonly dimms: { readonly count: number; readonly gibibytes: number };
  readonly disks: readonly DiskShape[];
  readonly nics: readonly NicShape[];
  /** Share of time the processors are busy: its mean, and how far it walks to both sides. */
  readonly load: { readonly mean: number; readonly swing: number };
  /** What the whole server draws at the wall when it idles, and at full load. */
  readonly watts: { readonly idle: number; readonly full: number };
  readonly sensors: SensorShape;
  /** Where data is kept: mount point, type, the disk, and how full. */
  readonly filesystems: readonly FilesystemShape[];
  /** What the server lacks, said as a person would. */
  readonly lacks: string;
}

export interface DiskShape {
  readonly name: string;
  readonly kind: "nvme" | "sata-hdd";
  readonly model: string;
  readonly gigabytes: number;
  readonly firmware: string;
  /** Operations a second at full load, and what one moves. */
  readonly reads: { readonly perSecond: number; readonly kibibytes: number };
  readonly writes: { readonly perSecond: number; readonly kibibytes: number };
  /** Partitions, as shares of the disk. */
  readonly partitions: readonly number[];
}

export interface NicShape {
  readonly name: string;
  readonly driver: string;
  readonly ids: readonly [vendor: string, device: string];
  /** null: no cable. */
  readonly megabits: number | null;
  /** Share of its speed that it receives and sends at full load. */
  readonly receives: number;
  readonly sends: number;
}

export interface SensorShape {
  /** RAPL zones with memory beside each package; null: no powercap. */
  readonly rapl: { readonly packageWatts: number; readonly dramWatts: number } | null;
  readonly coretemp: { readonly perSocket: number } | null;
  /** Supplies on PMBus with their own chip. */
  readonly supplies: number;
  /** ACPI's meter of the whole machine. */
  readonly powerMeter: boolean;
  readonly fans: { readonly count: number; readonly faulty: number | null };
  /** A BMC that answers in-band, with DCMI. */
  readonly bmc: boolean;
}

export interface FilesystemShape {
  readonly mountpoint: string;
  readonly type: string;
  readonly device: string;
  readonly gigabytes: number;
  readonly used: number;
}

export function threadCount({ processor }: ServerShape): number {
  return processor.sockets * processor.coresPerSocket * processor.threadsPerCore;
}

/** Linux numbers the first thread of every core, socket by socket, then the second ones. */
export function socketOfCpu({ processor }: ServerShape, cpu: number): number {
  const cores = processor.sockets * processor.coresPerSocket;
  return Math.floor((cpu % cores) / processor.coresPerSocket);
}
