/** Reads `length` bytes at an offset of the disk; fewer at its end. */
export type ReadAt = (offsetBytes: number, lengthBytes: number) => Promise<Uint8Array>;

/**
 * What several machines may be writing to at this moment: its data is not this host's alone, however
 * local the disk looks. Offsets from the start of a disk or of a partition; values as on the medium.
 */
const signatures: readonly {
  readonly name: string;
  readonly offsetBytes: number;
  readonly bytes: readonly number[];
}[] = [
  // gfs2-utils, gfs2_ondisk.h: GFS2_MAGIC in the superblock, big-endian, 64 KiB in.
  { name: "GFS2", offsetBytes: 65_536, bytes: [0x01, 0x16, 0x19, 0x70] },
  // ocfs2_fs.h: OCFS2_SUPER_BLOCK_SIGNATURE in block 2, whose size is 512 to 4,096.
  ...[512, 1_024, 2_048, 4_096].map((block) => ({
    name: "OCFS2",
    offsetBytes: 2 * block,
    bytes: lettersOf("OCFSV2"),
  })),
  // util-linux, libblkid/superblocks/vmfs.c: volume at 1 MiB, file system at 2 MiB.
  { name: "VMFS volume", offsetBytes: 1_048_576, bytes: [0x0d, 0xd0, 0x01, 0xc0] },
  { name: "VMFS", offsetBytes: 2_097_152, bytes: [0x5e, 0xf1, 0xab, 0x2f] },
  // Oracle ASM: the provision string of a disk header.
  { name: "Oracle ASM", offsetBytes: 32, bytes: lettersOf("ORCLDISK") },
];

/** Whole disk first, then each partition; null: none was found. */
export async function findClusterSignature(
  read: ReadAt,
  startsBytes: readonly number[],
): Promise<string | null> {
  for (const start of [0, ...startsBytes]) {
    for (const { name, offsetBytes, bytes } of signatures) {
      const found = await read(start + offsetBytes, bytes.length);
      if (found.length === bytes.length && bytes.every((byte, at) => found[at] === byte))
        return start === 0 ? name : `${name} in the partition at byte ${start}`;
    }
  }
  return null;
}

function lettersOf(text: string): readonly number[] {
  return [...Buffer.from(text, "ascii")];
}
