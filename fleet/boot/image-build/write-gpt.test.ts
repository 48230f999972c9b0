import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { blockBytes, guidOf, type ImagePartition, tableBlocks, writeGpt } from "./write-gpt.ts";

const blocks = 20_480;
const partitions: readonly ImagePartition[] = [
  { type: "efi", name: "boot", firstLba: 2_048, lastLba: 4_095, isLegacyBootable: true },
  { type: "linux", name: "root", firstLba: 4_096, lastLba: 18_431, isLegacyBootable: false },
];
const code = Buffer.alloc(440, 0x90);
const { front, back } = writeGpt(partitions, blocks, "image", code);
const disk = Buffer.alloc(blocks * blockBytes);
disk.set(front, 0);
disk.set(back, (blocks - tableBlocks.back) * blockBytes);

test.each([
  ["at the beginning", 1, 2],
  ["at the end", blocks - 1, blocks - 33],
])("the header %s has its own sum and that of its entries", (_, lba, entriesLba) => {
  const header = Buffer.from(disk.subarray(lba * blockBytes, lba * blockBytes + 92));
  expect(header.toString("latin1", 0, 8)).toBe("EFI PART");
  expect(header.readBigUInt64LE(24)).toBe(BigInt(lba));
  expect(header.readBigUInt64LE(72)).toBe(BigInt(entriesLba));
  const sum = header.readUInt32LE(16);
  header.writeUInt32LE(0, 16);
  expect(crc32(header)).toBe(sum);
  const entries = disk.subarray(entriesLba * blockBytes, entriesLba * blockBytes + 128 * 128);
  expect(crc32(entries)).toBe(header.readUInt32LE(88));
});

test("boot code and an active row stand in the MBR, which covers the whole disk", () => {
  expect(disk.subarray(0, 440).equals(code)).toBe(true);
  expect(disk[446]).toBe(0x80);
  expect(disk[450]).toBe(0xee);
  expect(disk.readUInt32LE(458)).toBe(blocks - 1);
  expect(disk.readUInt16BE(510)).toBe(0x55aa);
});

test("the partition of both loaders is an EFI one that a BIOS may start from", () => {
  const entry = disk.subarray(2 * blockBytes, 2 * blockBytes + 128);
  expect(entry.toString("hex", 0, 16)).toBe("28732ac11ff8d211ba4b00a0c93ec93b");
  expect(entry.readBigUInt64LE(48)).toBe(4n);
  expect(entry.toString("utf16le", 56, 64)).toBe("boot");
});

test("the same image has the same GUIDs, another one others", () => {
  expect(Buffer.from(writeGpt(partitions, blocks, "image", code).front).equals(front)).toBe(true);
  expect(guidOf("image")).not.toBe(guidOf("another"));
  expect(guidOf("image")).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test("boot code that does not fit is refused", () => {
  expect(() => writeGpt(partitions, blocks, "image", Buffer.alloc(441))).toThrow("440");
});
