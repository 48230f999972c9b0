import { crc32 } from "node:zlib";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/** A partition; addresses are of logical blocks, both inclusive. */
export interface Partition {
  /** GUIDs in lower-case text with dashes. */
  readonly typeGuid: string;
  readonly guid: string;
  readonly firstLba: number;
  readonly lastLba: number;
  /** At most 36 UTF-16 units. */
  readonly name: string;
  readonly attributes: bigint;
}

export interface Gpt {
  readonly diskGuid: string;
  readonly partitions: readonly Partition[];
}

/** Size of a disk in the terms of its table. */
export interface DiskShape {
  readonly blockBytes: number;
  readonly blocks: number;
}

/** UEFI 2.10, section 5.3: header, and 128 entries of 128 bytes. */
export const entryCount = 128;
export const entryBytes = 128;
const headerBytes = 92;
const revision = 0x0001_0000;
const signature = "EFI PART";

/** Blocks that the entries take. */
export function entryBlocks(blockBytes: number): number {
  return Math.ceil((entryCount * entryBytes) / blockBytes);
}

export function firstUsableLba({ blockBytes }: DiskShape): number {
  return 2 + entryBlocks(blockBytes);
}

export function lastUsableLba({ blockBytes, blocks }: DiskShape): number {
  return blocks - 2 - entryBlocks(blockBytes);
}

export interface EncodedGpt {
  /** At byte 0: protective MBR, header, entries. */
  readonly primary: Uint8Array;
  /** Entries and header, the last blocks of the disk. */
  readonly backup: Uint8Array;
  readonly backupOffsetBytes: number;
}

/**
 * The table's bytes for a disk of this shape. Which partitions make sense is the caller's business:
 * one that lies outside, overlaps or ends before it begins is a defect of ours and throws RangeError.
 */
export function encodeGpt(gpt: Gpt, shape: DiskShape): EncodedGpt {
  requireSound(gpt.partitions, shape);
  const { blockBytes, blocks } = shape;
  const entries = Buffer.alloc(entryBlocks(blockBytes) * blockBytes);
  gpt.partitions.forEach((partition, at) => {
    writeEntry(entries.subarray(at * entryBytes, (at + 1) * entryBytes), partition);
  });
  const entriesCrc = crc32(entries.subarray(0, entryCount * entryBytes));
  const header = (myLba: number, otherLba: number, entriesLba: number): Buffer => {
    const block = Buffer.alloc(blockBytes);
    block.write(signature, 0, "latin1");
    block.writeUInt32LE(revision, 8);
    block.writeUInt32LE(headerBytes, 12);
    block.writeBigUInt64LE(BigInt(myLba), 24);
    block.writeBigUInt64LE(BigInt(otherLba), 32);
    block.writeBigUInt64LE(BigInt(firstUsableLba(shape)), 40);
    block.writeBigUInt64LE(BigInt(lastUsableLba(shape)), 48);
    guidBytes(gpt.diskGuid).copy(block, 56);
    block.writeBigUInt64LE(BigInt(entriesLba), 72);
    block.writeUInt32LE(entryCount, 80);
    block.writeUInt32LE(entryBytes, 84);
    block.writeUInt32LE(entriesCrc, 88);
    block.writeUInt32LE(crc32(block.subarray(0, headerBytes)), 16);
    return block;
  };
  const last = blocks - 1;
  const backupEntriesLba = last - entryBlocks(blockBytes);
  return {
    primary: Buffer.concat([protectiveMbr(shape), header(1, last, 2), entries]),
    backup: Buffer.concat([entries, header(last, 1, backupEntriesLba)]),
    backupOffsetBytes: backupEntriesLba * blockBytes,
  };
}

/** One partition of type 0xEE over the whole disk, so that old tools leave it alone. */
export function protectiveMbr({ blockBytes, blocks }: DiskShape): Buffer {
  const block = Buffer.alloc(blockBytes);
  block.set([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], 446);
  block.writeUInt32LE(1, 454);
  block.writeUInt32LE(Math.min(blocks - 1, 0xffff_ffff), 458);
  block.set([0x55, 0xaa], 510);
  return block;
}

export type GptProblem = { readonly kind: "no-table" | "damaged"; readonly words: string };

/**
 * Reads one header and its entries. `header` is the block at `myLba`, `entries` what follows from
 * the address that it names; both were written by who knows whom, and every number is checked.
 */
export function parseGptHeader(
  header: Uint8Array,
  myLba: number,
): Result<
  { readonly diskGuid: string; readonly entriesLba: number; readonly entriesCrc: number },
  GptProblem
> {
  const block = Buffer.from(header.buffer, header.byteOffset, header.length);
  if (block.length < headerBytes || block.toString("latin1", 0, 8) !== signature)
    return fail({ kind: "no-table", words: "there is no GPT" });
  const bad = (words: string) => fail({ kind: "damaged", words } as const);
  if (block.readUInt32LE(12) !== headerBytes) return bad("its header has another length");
  const copy = Buffer.from(block.subarray(0, headerBytes));
  copy.writeUInt32LE(0, 16);
  if (crc32(copy) !== block.readUInt32LE(16)) return bad("its header's checksum is wrong");
  if (block.readBigUInt64LE(24) !== BigInt(myLba)) return bad("its header lies elsewhere");
  if (block.readUInt32LE(80) !== entryCount || block.readUInt32LE(84) !== entryBytes)
    return bad("it has not 128 entries of 128 bytes");
  const entriesLba = Number(block.readBigUInt64LE(72));
  if (!Number.isSafeInteger(entriesLba) || entriesLba < 2) return bad("its entries lie nowhere");
  return ok({
    diskGuid: guidText(block.subarray(56, 72)),
    entriesLba,
    entriesCrc: block.readUInt32LE(88),
  });
}

export function parseGptEntries(
  bytes: Uint8Array,
  expectedCrc: number,
): Result<readonly Partition[], GptProblem> {
  const entries = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const table = entries.subarray(0, entryCount * entryBytes);
  if (table.length < entryCount * entryBytes || crc32(table) !== expectedCrc)
    return fail({ kind: "damaged", words: "its entries' checksum is wrong" });
  const partitions: Partition[] = [];
  for (let at = 0; at < entryCount; at += 1) {
    const entry = table.subarray(at * entryBytes, (at + 1) * entryBytes);
    if (entry.subarray(0, 16).every((byte) => byte === 0)) continue;
    const firstLba = Number(entry.readBigUInt64LE(32));
    const lastLba = Number(entry.readBigUInt64LE(40));
    if (!Number.isSafeInteger(lastLba) || firstLba < 2 || lastLba < firstLba)
      return fail({ kind: "damaged", words: `its entry ${at + 1} lies nowhere` });
    const name = entry.toString("utf16le", 56, 128);
    const end = name.indexOf("\0");
    partitions.push({
      typeGuid: guidText(entry.subarray(0, 16)),
      guid: guidText(entry.subarray(16, 32)),
      firstLba,
      lastLba,
      attributes: entry.readBigUInt64LE(48),
      name: end < 0 ? name : name.slice(0, end),
    });
  }
  return ok(partitions);
}

function writeEntry(into: Buffer, partition: Partition): void {
  guidBytes(partition.typeGuid).copy(into, 0);
  guidBytes(partition.guid).copy(into, 16);
  into.writeBigUInt64LE(BigInt(partition.firstLba), 32);
  into.writeBigUInt64LE(BigInt(partition.lastLba), 40);
  into.writeBigUInt64LE(partition.attributes, 48);
  into.write(partition.name, 56, "utf16le");
}

function requireSound(partitions: readonly Partition[], shape: DiskShape): void {
  if (partitions.length > entryCount) throw new RangeError("more partitions than entries");
  let free = firstUsableLba(shape);
  for (const { firstLba, lastLba, name } of partitions.toSorted(
    (left, right) => left.firstLba - right.firstLba,
  )) {
    if (firstLba < free || lastLba < firstLba || lastLba > lastUsableLba(shape))
      throw new RangeError(`partition ${name} (${firstLba}–${lastLba}) has no room there`);
    if (name.length > 36) throw new RangeError(`the name ${name} is longer than 36`);
    free = lastLba + 1;
  }
}

/** The first three groups are little-endian, the last two as written. */
function guidBytes(text: string): Buffer {
  const plain = Buffer.from(text.replaceAll("-", ""), "hex");
  if (plain.length !== 16) throw new RangeError(`${text} is no GUID`);
  plain.subarray(0, 4).reverse();
  plain.subarray(4, 6).reverse();
  plain.subarray(6, 8).reverse();
  return plain;
}

function guidText(bytes: Uint8Array): string {
  const copy = Buffer.from(bytes);
  copy.subarray(0, 4).reverse();
  copy.subarray(4, 6).reverse();
  copy.subarray(6, 8).reverse();
  return copy.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
