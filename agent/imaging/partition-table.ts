import { ok, type Result } from "#proto/vocabulary/result.ts";
import type { ReadAt } from "./cluster-signatures.ts";
import {
  type DiskShape,
  entryBlocks,
  type Gpt,
  type GptProblem,
  parseGptEntries,
  parseGptHeader,
} from "./gpt.ts";

/** A row of an MBR: numbered from 0, in units of logical blocks. */
export interface MbrRow {
  readonly row: number;
  readonly type: number;
  readonly firstLba: number;
  readonly blocks: number;
}

export type PartitionTable =
  | { readonly kind: "gpt"; readonly gpt: Gpt }
  | { readonly kind: "mbr"; readonly rows: readonly MbrRow[] };

/**
 * The table of a disk: the GPT at its beginning, the one at its end where the first is damaged, else
 * its MBR. What lies there may be anything: every address is checked before it is followed.
 */
export async function readPartitionTable(
  read: ReadAt,
  shape: DiskShape,
): Promise<Result<PartitionTable, GptProblem>> {
  const { blocks, blockBytes } = shape;
  const primary = await readGpt(read, shape, 1);
  if (primary.ok) return ok({ kind: "gpt", gpt: primary.value });
  const mbr = Buffer.from(await read(0, 512));
  const rows = parseMbr(mbr);
  const isProtective = rows?.some(({ type }) => type === 0xee) === true;
  // A backup from before would give an old table to a disk that has an MBR of its own now.
  if (primary.problem.kind === "damaged" || isProtective) {
    const backup = await readGpt(read, shape, blocks - 1);
    return backup.ok ? ok({ kind: "gpt", gpt: backup.value }) : primary;
  }
  if (rows === null || rows.length === 0 || blockBytes === 0) return primary;
  return ok({ kind: "mbr", rows });
}

async function readGpt(
  read: ReadAt,
  { blockBytes, blocks }: DiskShape,
  lba: number,
): Promise<Result<Gpt, GptProblem>> {
  const header = parseGptHeader(await read(lba * blockBytes, blockBytes), lba);
  if (!header.ok) return header;
  const { entriesLba, entriesCrc, diskGuid } = header.value;
  const length = entryBlocks(blockBytes);
  const bytes =
    entriesLba + length <= blocks
      ? await read(entriesLba * blockBytes, length * blockBytes)
      : new Uint8Array(0);
  const partitions = parseGptEntries(bytes, entriesCrc);
  return partitions.ok ? ok({ diskGuid, partitions: partitions.value }) : partitions;
}

/** null: there is no MBR. Logical partitions inside an extended one are not followed. */
export function parseMbr(sector: Uint8Array): readonly MbrRow[] | null {
  if (sector.length < 512 || sector[510] !== 0x55 || sector[511] !== 0xaa) return null;
  const view = new DataView(sector.buffer, sector.byteOffset, sector.length);
  const rows: MbrRow[] = [];
  for (let row = 0; row < 4; row += 1) {
    const at = 446 + 16 * row;
    const type = view.getUint8(at + 4);
    const blocks = view.getUint32(at + 12, true);
    if (type !== 0 && blocks > 0)
      rows.push({ row, type, firstLba: view.getUint32(at + 8, true), blocks });
  }
  return rows;
}

/** Where each partition begins, in bytes; what lies beyond the disk is left out. */
export function partitionStarts(table: PartitionTable, shape: DiskShape): readonly number[] {
  const firsts =
    table.kind === "gpt"
      ? table.gpt.partitions.map(({ firstLba }) => firstLba)
      : table.rows.map(({ firstLba }) => firstLba);
  return firsts.filter((lba) => lba < shape.blocks).map((lba) => lba * shape.blockBytes);
}
