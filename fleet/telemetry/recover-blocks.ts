import type { Log } from "#proto/vocabulary/log.ts";
import type { BlockFolder } from "./block-folder.ts";
import { type Block, openBlock, parseBlockName } from "./blocks.ts";
import { CorruptBytes } from "./byte-reader.ts";
import type { HostTable } from "./host-table.ts";
import type { Segment } from "./segments.ts";

/**
 * Opens every block. One whose segment is still there was not finished, or its segment not yet
 * removed: the segment is compacted again, so the block goes. One that cannot be read stays on disk
 * and is left alone.
 */
export async function recoverBlocks(
  parts: { readonly folder: BlockFolder; readonly log: Log; readonly hosts: HostTable },
  segments: readonly Segment[],
): Promise<readonly Block[]> {
  const { folder, log, hosts } = parts;
  const inLog = new Set(segments.map(({ number }) => number));
  const blocks: Block[] = [];
  for (const name of folder.list()) {
    const place = parseBlockName(name);
    if (place === undefined) continue;
    if (inLog.has(place.number)) {
      folder.remove(name);
      continue;
    }
    try {
      blocks.push(await openBlock(folder, name, hosts));
    } catch (error) {
      if (!(error instanceof CorruptBytes)) throw error;
      log.error({ err: error, file: name }, "a telemetry block cannot be read; it is left alone");
    }
  }
  return blocks;
}
