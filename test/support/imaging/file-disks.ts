import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import {
  type DiskHandle,
  DiskError,
  type DiskPort,
  type EraseAbilities,
  type EraseStatus,
  type FoundDisk,
} from "#agent/imaging/disk-port.ts";
import type { InDriveMethod } from "#agent/imaging/erase-method.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import type { Bytes, Fraction } from "#proto/vocabulary/units.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";

/** The machine lost power. Nothing that ran goes on. */
export class PowerCut extends Error {
  override readonly name = "PowerCut";
}

/** What a drive does that it should not; each as the catalogue of lies has it. */
export interface DriveLies {
  /** Says that an erase is done and leaves everything (B123). */
  readonly erasesNothing?: readonly InDriveMethod[];
  /** Its bits promise what it then refuses (B124). */
  readonly refuses?: readonly InDriveMethod[];
  /** Progress stops there (B125). */
  readonly stuckAt?: number;
  /** Answers nothing after an erase (B126). */
  readonly isDeadAfterErase?: boolean;
  /** Loses what it said to have put on the medium. */
  readonly losesWritesFrom?: number;
}

export interface FileDisk {
  readonly path: string;
  found: FoundDisk;
  methods: readonly InDriveMethod[];
  lies: DriveLies;
  /** What every open handle shares: the drive. */
  status: EraseStatus;
  isDead: boolean;
  /** Erases begun, in order. */
  readonly begun: InDriveMethod[];
  unsettled: { readonly offsetBytes: number; readonly bytes: Uint8Array }[];
}

/** Disks that are sparse files, with a cache that a power cut empties at random. */
export interface FileDisks extends DiskPort {
  readonly disks: FileDisk[];
  /** Cuts the power at the n-th write or settle from now; null: never. */
  cutAfter: number | null;
  operations: number;
  /** Names move to other disks between a listing and the next opening (B128). */
  renameBeforeOpen: boolean;
  /** Cache lost, handles dead, power back. */
  restore(): void;
}

const never: EraseStatus = { state: "never", done: null, isGloballyErased: false, said: "0x0" };

export function createFileDisk(
  path: string,
  found: Partial<FoundDisk> & { name: string },
): FileDisk {
  const sizeBytes = found.sizeBytes ?? ((8 * 1024 * 1024) as Bytes);
  const descriptor = openSync(path, "w+");
  ftruncateSync(descriptor, sizeBytes);
  closeSync(descriptor);
  return {
    path,
    found: {
      serial: `SN-${found.name}`,
      wwn: null,
      model: "File",
      firmware: "1",
      blockBytes: 512 as Bytes,
      transport: "nvme",
      isRotational: false,
      isRemovable: false,
      isReadOnly: false,
      controller: null,
      uses: [],
      ...found,
      sizeBytes,
    },
    methods: [],
    lies: {},
    status: never,
    isDead: false,
    begun: [],
    unsettled: [],
  };
}

export function createFileDisks(disks: FileDisk[], random: SeededRandom): FileDisks {
  let boot = 0;
  const port: FileDisks = {
    disks,
    cutAfter: null,
    operations: 0,
    renameBeforeOpen: false,
    async list() {
      return disks.filter(({ isDead }) => !isDead).map(({ found }) => found);
    },
    async open(name) {
      if (port.renameBeforeOpen) {
        const [first, second] = disks;
        if (first !== undefined && second !== undefined) {
          const names = [first.found.name, second.found.name] as const;
          first.found = { ...first.found, name: names[1] };
          second.found = { ...second.found, name: names[0] };
        }
      }
      const disk = disks.find(({ found }) => found.name === name);
      if (disk === undefined || disk.isDead) throw new DiskError("DISK_GONE", `${name} is gone`);
      return openHandle(disk, boot);
    },
    restore() {
      boot += 1;
      port.cutAfter = null;
      for (const disk of disks) {
        // Each write that was not settled reached the medium whole, in part, or not at all.
        for (const { offsetBytes, bytes } of disk.unsettled) {
          const sectors = random.below(bytes.length / 512 + 1);
          if (random.chance(0.5)) put(disk.path, offsetBytes, bytes.subarray(0, sectors * 512));
        }
        disk.unsettled = [];
      }
    },
  };

  const step = (openedAt: number): void => {
    if (openedAt !== boot) throw new PowerCut("this run is over");
    port.operations += 1;
    if (port.cutAfter === null) return;
    if (port.cutAfter === 0) throw new PowerCut("the power is gone");
    port.cutAfter -= 1;
  };

  function openHandle(disk: FileDisk, openedAt: number): DiskHandle {
    const alive = (): void => {
      if (disk.isDead) throw new DiskError("DISK_GONE", `${disk.found.name} does not answer`);
    };
    const inside = (offset: number, length: number): void => {
      alive();
      if (offset < 0 || offset + length > disk.found.sizeBytes)
        throw new DiskError("DISK_RANGE", `${disk.found.name} ends before byte ${offset + length}`);
    };
    const settle = (): void => {
      for (const { offsetBytes, bytes } of disk.unsettled) {
        const lost = disk.lies.losesWritesFrom;
        if (lost === undefined || offsetBytes < lost) put(disk.path, offsetBytes, bytes);
      }
      disk.unsettled = [];
    };
    return {
      async identify() {
        alive();
        return disk.found;
      },
      async read(offset, into) {
        inside(offset, into.length);
        get(disk.path, offset, into);
        for (const { offsetBytes, bytes } of disk.unsettled)
          overlay(into, offset, offsetBytes, bytes);
      },
      async write(offset, bytes) {
        step(openedAt);
        inside(offset, bytes.length);
        disk.status = { ...disk.status, isGloballyErased: false };
        disk.unsettled.push({ offsetBytes: offset, bytes: bytes.slice() });
      },
      async settle() {
        step(openedAt);
        alive();
        settle();
      },
      async abilities(): Promise<EraseAbilities> {
        alive();
        return { methods: disk.methods, said: disk.methods.join(" "), estimateMs: null };
      },
      async startErase(method) {
        step(openedAt);
        alive();
        if (disk.lies.refuses?.includes(method) === true || !disk.methods.includes(method))
          return fail({ said: "Invalid Command Opcode (0x1)" });
        disk.begun.push(method);
        settle();
        if (disk.lies.erasesNothing?.includes(method) !== true) wipe(disk);
        disk.status = {
          state: "running",
          done: 0 as Fraction,
          isGloballyErased: false,
          said: "in progress",
        };
        return ok(undefined);
      },
      async eraseStatus() {
        alive();
        const { lies, status } = disk;
        if (status.state !== "running") return status;
        const done = (status.done ?? 0) + 0.25;
        if (lies.stuckAt !== undefined && done > lies.stuckAt)
          disk.status = { ...status, done: lies.stuckAt as Fraction };
        else if (done < 1) disk.status = { ...status, done: done as Fraction };
        else {
          disk.status = { state: "done", done: null, isGloballyErased: true, said: "0x101" };
          disk.isDead = lies.isDeadAfterErase === true;
        }
        return disk.status;
      },
      async close() {},
    };
  }
  return port;
}

/** Everything that the medium holds. */
export function readMedium({ path, found }: FileDisk): Buffer {
  const bytes = Buffer.alloc(found.sizeBytes);
  get(path, 0, bytes);
  return bytes;
}

export function writeMedium({ path }: FileDisk, offset: number, bytes: Uint8Array): void {
  put(path, offset, bytes);
}

function wipe({ path, found }: FileDisk): void {
  const descriptor = openSync(path, "r+");
  ftruncateSync(descriptor, 0);
  ftruncateSync(descriptor, found.sizeBytes);
  closeSync(descriptor);
}

function put(path: string, offset: number, bytes: Uint8Array): void {
  const descriptor = openSync(path, "r+");
  writeSync(descriptor, bytes, 0, bytes.length, offset);
  closeSync(descriptor);
}

function get(path: string, offset: number, into: Uint8Array): void {
  const descriptor = openSync(path, "r");
  readSync(descriptor, into, 0, into.length, offset);
  closeSync(descriptor);
}

function overlay(into: Uint8Array, at: number, from: number, bytes: Uint8Array): void {
  const first = Math.max(at, from);
  const end = Math.min(at + into.length, from + bytes.length);
  if (first < end) into.set(bytes.subarray(first - from, end - from), first - at);
}
