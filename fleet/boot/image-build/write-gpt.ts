import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** A partition of an image, in blocks of 512 bytes; both inclusive. */
export interface ImagePartition {
  readonly type: "efi" | "linux";
  readonly name: string;
  readonly firstLba: number;
  readonly lastLba: number;
  /** A BIOS may start from it: what SYSLINUX's boot code looks for. */
  readonly isLegacyBootable: boolean;
}

export const blockBytes = 512;
/** Blocks that the table takes at the beginning, with the protective MBR, and at the end. */
export const tableBlocks = { front: 34, back: 33 } as const;

const entryBytes = 128;
const entryCount = 128;
const types = {
  efi: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  linux: "0fc63daf-8483-4772-8e79-3d69d8477de4",
} as const;

/**
 * Tables of a GPT disk (UEFI 2.10, chapter 5) with `bootCode` in its MBR: what goes to the beginning
 * and what goes to the end. Its GUIDs are made of `seed`, so the same image has the same bytes.
 */
export function writeGpt(
  partitions: readonly ImagePartition[],
  blocks: number,
  seed: string,
  bootCode: Uint8Array,
): { readonly front: Uint8Array; readonly back: Uint8Array } {
  if (bootCode.length > 440) throw new Error("boot code of more than 440 bytes fits into no MBR");
  const entries = Buffer.alloc(entryBytes * entryCount);
  partitions.forEach((one, index) => {
    const at = index * entryBytes;
    guidBytes(types[one.type]).copy(entries, at);
    guidBytes(guidOf(`${seed} ${index}`)).copy(entries, at + 16);
    entries.writeBigUInt64LE(BigInt(one.firstLba), at + 32);
    entries.writeBigUInt64LE(BigInt(one.lastLba), at + 40);
    entries.writeBigUInt64LE(one.isLegacyBootable ? 4n : 0n, at + 48);
    entries.write(one.name.slice(0, 36), at + 56, "utf16le");
  });
  const header = (isBackup: boolean): Buffer => {
    const bytes = Buffer.alloc(blockBytes);
    const last = blocks - 1;
    bytes.write("EFI PART", 0, "latin1");
    bytes.writeUInt32LE(0x00010000, 8);
    bytes.writeUInt32LE(92, 12);
    bytes.writeBigUInt64LE(BigInt(isBackup ? last : 1), 24);
    bytes.writeBigUInt64LE(BigInt(isBackup ? 1 : last), 32);
    bytes.writeBigUInt64LE(BigInt(tableBlocks.front), 40);
    bytes.writeBigUInt64LE(BigInt(last - tableBlocks.back), 48);
    guidBytes(guidOf(seed)).copy(bytes, 56);
    bytes.writeBigUInt64LE(BigInt(isBackup ? last - 32 : 2), 72);
    bytes.writeUInt32LE(entryCount, 80);
    bytes.writeUInt32LE(entryBytes, 84);
    bytes.writeUInt32LE(crc32(entries), 88);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 92)), 16);
    return bytes;
  };
  return {
    front: Buffer.concat([protectiveMbr(blocks, bootCode), header(false), entries]),
    back: Buffer.concat([entries, header(true)]),
  };
}

function protectiveMbr(blocks: number, bootCode: Uint8Array): Buffer {
  const bytes = Buffer.alloc(blockBytes);
  bytes.set(bootCode, 0);
  // Active: there are BIOSes that start from no disk without an active partition.
  bytes.set([0x80, 0, 2, 0, 0xee, 0xff, 0xff, 0xff], 446);
  bytes.writeUInt32LE(1, 454);
  bytes.writeUInt32LE(Math.min(blocks - 1, 0xffffffff), 458);
  bytes.set([0x55, 0xaa], 510);
  return bytes;
}

/** Version 8 of RFC 9562: made by ourselves, out of a hash. */
export function guidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The first three parts stand with the little end first. */
function guidBytes(guid: string): Buffer {
  const [a = "", b = "", c = "", d = "", e = ""] = guid.split("-");
  const turned = [a, b, c].map((part) => Buffer.from(part, "hex").reverse());
  return Buffer.concat([...turned, Buffer.from(d + e, "hex")]);
}
