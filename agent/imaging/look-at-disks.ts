import { findClusterSignature, type ReadAt } from "./cluster-signatures.ts";
import { DiskError, type DiskHandle, type DiskPort, type FoundDisk } from "./disk-port.ts";
import type { DiskShape } from "./gpt.ts";
import { partitionStarts, readPartitionTable } from "./partition-table.ts";

/**
 * Every disk of the machine, with what only its own bytes tell: the signs of file systems that other
 * machines may be writing to. A disk that cannot be read keeps what was found of it; it is refused
 * where it is expected to be erased, for nothing can be written to it either. Throws DiskError.
 */
export async function lookAtDisks(port: DiskPort): Promise<readonly FoundDisk[]> {
  const found: FoundDisk[] = [];
  for (const disk of await port.list()) {
    const cluster = disk.sizeBytes === 0 ? null : await lookForCluster(port, disk);
    found.push(
      cluster === null
        ? disk
        : { ...disk, uses: [...disk.uses, { kind: "cluster", what: cluster }] },
    );
  }
  return found;
}

async function lookForCluster(port: DiskPort, disk: FoundDisk): Promise<string | null> {
  let handle: DiskHandle;
  try {
    handle = await port.open(disk.name, "read");
  } catch (error) {
    if (error instanceof DiskError) return null;
    throw error;
  }
  try {
    const read = readWithin(handle, disk.sizeBytes);
    const shape = shapeOf(disk);
    const table = await readPartitionTable(read, shape);
    return await findClusterSignature(read, table.ok ? partitionStarts(table.value, shape) : []);
  } catch (error) {
    if (error instanceof DiskError) return null;
    throw error;
  } finally {
    await handle.close();
  }
}

/** Fewer bytes at the end of the disk instead of an error. */
export function readWithin(handle: DiskHandle, sizeBytes: number): ReadAt {
  return async (offsetBytes, lengthBytes) => {
    const length = Math.max(0, Math.min(lengthBytes, sizeBytes - offsetBytes));
    const bytes = new Uint8Array(length);
    if (length > 0) await handle.read(offsetBytes, bytes);
    return bytes;
  };
}

export function shapeOf({ blockBytes, sizeBytes }: FoundDisk): DiskShape {
  return { blockBytes, blocks: Math.floor(sizeBytes / blockBytes) };
}
