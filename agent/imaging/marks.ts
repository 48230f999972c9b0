import { createHash } from "node:crypto";
import type { DiskHandle } from "./disk-port.ts";

/** Random bytes at a place of a disk; gone after an erase, or it was none. */
export interface Mark {
  readonly offsetBytes: number;
  readonly bytes: Uint8Array;
}

export const markBytes = 4_096;
const marksMax = 2_048;
/** On a small disk one block of sixteen is marked, so that something is left to be sampled. */
const blocksPerMark = 16;

/**
 * Places and contents of a disk's marks: one in each of as many equal stretches, at a place within
 * it that the seed decides. The seed is drawn for the order and kept in its journal; it is all that
 * writing and looking for them need.
 */
export function planMarks(seed: string, key: string, sizeBytes: number): readonly Mark[] {
  const blocks = Math.floor(sizeBytes / markBytes);
  const count = Math.max(1, Math.min(marksMax, Math.floor(blocks / blocksPerMark)));
  const stretch = blocks / count;
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor(index * stretch);
    const length = Math.max(1, Math.floor((index + 1) * stretch) - from);
    const bytes = stream(`${seed} ${key} mark ${index}`, markBytes);
    const draw = stream(`${seed} ${key} place ${index}`, 6).readUIntBE(0, 6);
    return { offsetBytes: (from + (draw % length)) * markBytes, bytes };
  });
}

/** Places of a disk that are no mark's, decided by the seed, ascending; the first and last among them. */
export function planSamples(
  seed: string,
  key: string,
  sizeBytes: number,
  count: number,
): readonly number[] {
  const blocks = Math.floor(sizeBytes / markBytes);
  const marked = new Set(planMarks(seed, key, sizeBytes).map(({ offsetBytes }) => offsetBytes));
  const places = new Set<number>();
  const add = (block: number): void => {
    const offset = block * markBytes;
    if (block >= 0 && block < blocks && !marked.has(offset)) places.add(offset);
  };
  // Boot code, tables and superblocks lie at the ends: these are what a half erase leaves.
  for (let block = 0; block < endBlocks; block += 1) {
    add(block);
    add(blocks - 1 - block);
  }
  for (let index = 0; index < count; index += 1)
    add(stream(`${seed} ${key} sample ${index}`, 6).readUIntBE(0, 6) % Math.max(1, blocks));
  return [...places].sort((left, right) => left - right);
}

/** Writes them all and sees that they lie on the medium. Throws DiskError. */
export async function writeMarks(
  handle: DiskHandle,
  marks: readonly Mark[],
  onMark: (done: number) => void,
): Promise<void> {
  let done = 0;
  for (const { offsetBytes, bytes } of marks) {
    await handle.write(offsetBytes, bytes);
    done += 1;
    onMark(done / marks.length);
  }
  await handle.settle();
}

/**
 * What stood at the samples before the erase, as 8 bytes of SHA-256 each in hexadecimal; a block of
 * one byte only, which an erase may leave as it was, is `-`.
 */
export async function digestSamples(
  handle: DiskHandle,
  places: readonly number[],
): Promise<readonly string[]> {
  const block = new Uint8Array(markBytes);
  const digests: string[] = [];
  for (const place of places) {
    await handle.read(place, block);
    digests.push(digestBlock(block));
  }
  return digests;
}

export function digestBlock(block: Uint8Array): string {
  const [first] = block;
  if (block.every((byte) => byte === first)) return "-";
  return createHash("sha256").update(block).digest("hex").slice(0, 16);
}

function stream(label: string, length: number): Buffer {
  return createHash("shake256", { outputLength: length }).update(label).digest();
}

const endBlocks = 16;
