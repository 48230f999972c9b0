import type { BlockFolder } from "./block-folder.ts";
import {
  checkFrame,
  findFrameMark,
  frameHeaderBytes,
  framePayload,
  framePayloadBytesMax,
} from "./log-frames.ts";

export interface Frame {
  readonly offset: number;
  /** With its header. */
  readonly length: number;
  /** A view that is good until the call returns. */
  readonly payload: Uint8Array;
}

export interface ScanOutcome {
  /** End of the last good frame. */
  readonly goodBytes: number;
  readonly size: number;
  /** Stretches between good frames that are none. */
  readonly damages: readonly Damage[];
}

export interface Damage {
  readonly offset: number;
  readonly length: number;
}

/**
 * Calls `visit` for each good frame of a file, in order. Where bytes are no frame, the next good one
 * is looked for; bytes after the last good one are a torn tail, not a damage. `saltOf` is asked
 * before each frame, for the first frame tells the salt of the others.
 */
export async function scanFrames(
  folder: BlockFolder,
  name: string,
  saltOf: (offset: number) => number,
  visit: (frame: Frame) => void,
): Promise<ScanOutcome> {
  const size = folder.size(name);
  const damages: Damage[] = [];
  let chunk: Uint8Array = new Uint8Array(0);
  let chunkAt = 0;
  let at = 0;
  let goodBytes = 0;
  while (size - at >= frameHeaderBytes) {
    const inChunk = at - chunkAt;
    let total = checkFrame(chunk, inChunk, saltOf(at));
    if (total < 0 && chunkAt + chunk.length < size) {
      chunk = await folder.read(name, at, Math.min(chunkBytes, size - at));
      chunkAt = at;
      total = checkFrame(chunk, 0, saltOf(at));
    }
    if (total > 0) {
      if (at > goodBytes) damages.push({ offset: goodBytes, length: at - goodBytes });
      const payload = framePayload(chunk, at - chunkAt, total);
      visit({ offset: at, length: total, payload });
      at += total;
      goodBytes = at;
      continue;
    }
    const next = findFrameMark(chunk, at - chunkAt + 1);
    // A mark may lie across the end of the chunk.
    at = next >= 0 ? chunkAt + next : Math.max(at + 1, chunkAt + chunk.length - 3);
  }
  return { goodBytes, size, damages };
}

const chunkBytes = 8 * (framePayloadBytesMax + frameHeaderBytes);
