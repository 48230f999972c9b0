import type { BlockFolder } from "./block-folder.ts";
import { checkFrame, framePayload } from "./log-frames.ts";
import type { LogDamage } from "./read-segment.ts";
import type { IndexEntry } from "./segment-index.ts";
import type { Segment } from "./segments.ts";

/** Neighbours with no more than this between them are read at once. */
const holeBytesMax = 16 * 1024;
const readBytesMax = 1024 * 1024;

/**
 * Payloads of the given records, which are in the order of the file; null for one whose checksum is
 * wrong by now. Reads neighbouring records together.
 */
export async function* readRecords(
  folder: BlockFolder,
  segment: Segment,
  entries: readonly IndexEntry[],
): AsyncGenerator<readonly [IndexEntry, Uint8Array | null]> {
  let from = 0;
  while (from < entries.length) {
    const first = entries[from];
    if (first === undefined) return;
    let to = from;
    let end = first.offset;
    for (let next = entries[to]; next !== undefined; next = entries[to]) {
      const nextEnd = next.offset + next.length;
      const isNear = next.offset - end <= holeBytesMax && nextEnd - first.offset <= readBytesMax;
      if (to > from && !isNear) break;
      end = nextEnd;
      to += 1;
    }
    const bytes = await folder.read(segment.name, first.offset, end - first.offset);
    for (const entry of entries.slice(from, to)) {
      const at = entry.offset - first.offset;
      const isWhole = checkFrame(bytes, at, segment.salt) === entry.length;
      yield [entry, isWhole ? framePayload(bytes, at, entry.length) : null];
    }
    from = to;
  }
}

/** How a record that came back as null is told. */
export function damageOf(segment: Segment, entry: IndexEntry): LogDamage {
  const { length: bytes, startMs: fromMs, endMs: toMs } = entry;
  return { segment: segment.number, bytes, fromMs, toMs };
}
