import type { Result } from "#proto/vocabulary/result.ts";
import type { Bytes, Fraction, Milliseconds } from "#proto/vocabulary/units.ts";
import type { InDriveMethod } from "./erase-method.ts";

/** The one door to disks. A name of the kernel is good for one `open` and proves nothing. */
export interface DiskPort {
  /**
   * Every whole disk that the kernel shows, at most `disksMax`. Throws DiskError where it cannot
   * look, or where there are more: a list that is cut short would say that the rest is not there.
   */
  list(): Promise<readonly FoundDisk[]>;
  /** For writing, the kernel itself refuses one that is mounted or held. Throws DiskError. */
  open(name: string, access: "read" | "write"): Promise<DiskHandle>;
}

/** More than any server has; a listing beyond it is a mistake. */
export const disksMax = 256;

/** What the machine says of a disk. Texts are cleaned and short; nothing in them is to be trusted. */
export interface FoundDisk {
  /** The kernel's: sda, nvme0n1. */
  readonly name: string;
  readonly serial: string | null;
  readonly wwn: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly sizeBytes: Bytes;
  /** Of a logical block. */
  readonly blockBytes: Bytes;
  readonly transport: DiskTransport;
  /** null: it is not said. */
  readonly isRotational: boolean | null;
  readonly isRemovable: boolean;
  readonly isReadOnly: boolean;
  /** Shared by the namespaces of one NVMe drive: what sanitizes one, sanitizes all. */
  readonly controller: string | null;
  readonly uses: readonly DiskUse[];
}

export const localTransports = ["nvme", "sata", "sas", "scsi", "virtio", "mmc"] as const;
export const foreignTransports = ["usb", "iscsi", "fc", "nvme-fabrics", "network"] as const;
/** `unknown` is treated like a foreign one. */
export type DiskTransport =
  | (typeof localTransports)[number]
  | (typeof foreignTransports)[number]
  | "unknown";

/** Why somebody may need what is on a disk. `what` says it in words: `/srv`, `dm-3`, `OCFS2`. */
export interface DiskUse {
  readonly kind: "mounted" | "swap" | "holder" | "multipath" | "cluster";
  readonly what: string;
}

/** One open disk; stays with the device that was opened, whatever becomes of the name. */
export interface DiskHandle {
  /** What is behind this handle, read anew. Throws DiskError. */
  identify(): Promise<FoundDisk>;
  /** Fills `into`. Throws DiskError: the end of the disk and a bad block, too. */
  read(offsetBytes: number, into: Uint8Array): Promise<void>;
  /** May be in a cache until `settle`. Throws DiskError. */
  write(offsetBytes: number, bytes: Uint8Array): Promise<void>;
  /** What was written lies on the medium, and what is read from now on comes from there. */
  settle(): Promise<void>;
  abilities(): Promise<EraseAbilities>;
  /** Sets it going and returns; a refusal is the drive's own answer. */
  startErase(method: InDriveMethod): Promise<Result<void, EraseRefusal>>;
  eraseStatus(method: InDriveMethod): Promise<EraseStatus>;
  close(): Promise<void>;
}

export interface EraseAbilities {
  /** What the capability bits say, and nothing tried. */
  readonly methods: readonly InDriveMethod[];
  /** The bits in words, for the certificate: `sanicap 0x3, fna 0x4`. */
  readonly said: string;
  /** How long the drive says that it takes, where it says so. */
  readonly estimateMs: Milliseconds | null;
}

export interface EraseRefusal {
  /** Status code and words of the drive or of its tool. */
  readonly said: string;
}

export interface EraseStatus {
  /** `unknown`: the log cannot be understood. `never`: nothing of the kind was done since it was made. */
  readonly state: "never" | "running" | "done" | "failed" | "unknown";
  /** null: it does not say how far it is. */
  readonly done: Fraction | null;
  /**
   * Nothing was written since the last sanitize: without it, `done` may be one of years ago.
   * null: it does not say.
   */
  readonly isGloballyErased: boolean | null;
  readonly said: string;
}

export type DiskErrorCode =
  /** The name means nothing any more, or the drive no longer answers. */
  | "DISK_GONE"
  | "DISK_BUSY"
  | "DISK_DENIED"
  | "DISK_IO"
  /** Beyond its end. */
  | "DISK_RANGE"
  | "DISK_LISTING";

export class DiskError extends Error {
  override readonly name = "DiskError";
  readonly code: DiskErrorCode;

  constructor(code: DiskErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
