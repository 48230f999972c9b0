import type { BlockFolder } from "./block-folder.ts";
import { createBlockWriter } from "./block-writer.ts";
import { type Block, openBlock, parseBlockName } from "./blocks.ts";
import type { Dictionaries, KnownDictionary } from "./dictionaries.ts";
import { seriesKey } from "./host-wide.ts";
import type { HostTable, KnownHost } from "./host-table.ts";
import { damageOf, readRecords } from "./read-records.ts";
import type { LogDamage } from "./read-segment.ts";
import { createRunBuilder } from "./runs.ts";
import { createSectionEncoder, type SectionEncoder } from "./section-encoder.ts";
import type { IndexEntry } from "./segment-index.ts";
import type { Segment } from "./segments.ts";
import type { TimeSlices } from "./time-slices.ts";

export interface CompactionParts {
  readonly folder: BlockFolder;
  readonly hosts: HostTable;
  readonly dictionaries: Dictionaries;
  readonly blockBytesMax: number;
  /** Known damages of the log; those found on the way are added. */
  readonly damages: readonly LogDamage[];
  readonly onDamage: (damage: LogDamage) => void;
  readonly slices: TimeSlices;
  readonly signal: AbortSignal;
}

/** Records of one host that are held in memory at a time. */
const batchBytesMax = 16 * 1024 * 1024;

/**
 * A sealed segment of the log → block files with the same points, host by host. The segment stays;
 * whoever calls removes it once the blocks have taken its place.
 */
export async function compactSegment(
  parts: CompactionParts,
  segment: Segment,
): Promise<readonly Block[]> {
  const { folder, hosts } = parts;
  try {
    const names = await writeBlocks(parts, segment);
    return await Promise.all(names.map((name) => openBlock(folder, name, hosts)));
  } catch (error) {
    for (const name of folder.list()) {
      if (parseBlockName(name)?.number === segment.number) folder.remove(name);
    }
    throw error;
  }
}

async function writeBlocks(parts: CompactionParts, segment: Segment): Promise<readonly string[]> {
  const { folder, hosts, dictionaries, blockBytesMax } = parts;
  const damages = parts.damages.filter((damage) => damage.segment === segment.number);
  const writer = createBlockWriter({
    folder,
    segment: segment.number,
    blockBytesMax,
    newestReceivedMs: segment.newestReceivedMs,
    damages,
  });
  const onDamage = (damage: LogDamage): void => {
    damages.push(damage);
    parts.onDamage(damage);
  };
  const share = rememberShared(dictionaries);
  for (const number of segment.index.hosts()) {
    parts.signal.throwIfAborted();
    const host = hosts.byNumber(number);
    if (host === undefined) continue;
    const encoder = createSectionEncoder({ view: dictionaries.view, numberOf: writer.numberOf });
    const facts = await encodeHost({ ...parts, onDamage, segment, share, encoder }, host);
    await writer.add(encoder.finish(), { ...facts, hostId: host.id });
  }
  return writer.finish();
}

interface HostCompaction extends CompactionParts {
  readonly segment: Segment;
  readonly share: (left: KnownDictionary, right: KnownDictionary) => boolean;
  readonly encoder: SectionEncoder;
}

async function encodeHost(parts: HostCompaction, host: KnownHost) {
  const { segment, encoder, share, folder, onDamage, slices } = parts;
  const facts = { fromMs: Number.POSITIVE_INFINITY, toMs: 0, samples: 0, gaps: 0 };
  for (const batch of batches(inOrder(segment.index.ofHost(host.number)))) {
    const payloads = new Map<IndexEntry, Uint8Array>();
    const byOffset = [...batch].sort((left, right) => left.offset - right.offset);
    for await (const [entry, payload] of readRecords(folder, segment, byOffset)) {
      if (payload !== null) payloads.set(entry, payload);
      else onDamage(damageOf(segment, entry));
    }
    const builder = createRunBuilder(share, stepsOf(batch));
    for (const entry of batch) {
      const payload = payloads.get(entry);
      const dictionary = segment.dictionaries[entry.dictionary];
      if (payload === undefined || dictionary === undefined) continue;
      builder.add(payload, dictionary);
      facts.fromMs = Math.min(facts.fromMs, entry.startMs);
      facts.toMs = Math.max(facts.toMs, entry.endMs);
      await slices.pause();
    }
    const { runs, gaps, samples } = builder.finish();
    for (const run of runs) {
      await encoder.add(run);
      await slices.pause();
    }
    encoder.addGaps(gaps);
    facts.samples += samples;
    facts.gaps += gaps.length;
  }
  const fromMs = Math.min(facts.fromMs, facts.toMs);
  return { ...facts, fromMs };
}

/** By time where no two reports overlap; else as they came, for then the later one counts. */
function inOrder(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  const byTime = [...entries].sort(
    (left, right) => left.startMs - right.startMs || left.offset - right.offset,
  );
  const overlaps = byTime.some((entry, at) => entry.endMs > (byTime[at + 1]?.startMs ?? Infinity));
  return overlaps ? entries : byTime;
}

function stepsOf(batch: readonly IndexEntry[]): number {
  return batch.reduce((sum, { steps }) => sum + steps, 0);
}

function* batches(entries: readonly IndexEntry[]): Generator<readonly IndexEntry[]> {
  let batch: IndexEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    batch.push(entry);
    bytes += entry.length;
    if (bytes < batchBytesMax) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Whether two dictionaries have a series in common; asked again and again for the same two. */
function rememberShared(
  dictionaries: Dictionaries,
): (left: KnownDictionary, right: KnownDictionary) => boolean {
  const answers = new Map<string, boolean>();
  const keysOf = (dictionary: KnownDictionary): ReadonlySet<string> =>
    new Set(
      dictionaries
        .view(dictionary)
        .series.flatMap((series) => (series === null ? [] : [seriesKey(series)])),
    );
  return (left, right) => {
    const pair =
      left.digest < right.digest ? left.digest + right.digest : right.digest + left.digest;
    const before = answers.get(pair);
    if (before !== undefined) return before;
    const keys = keysOf(left);
    const answer = [...keysOf(right)].some((key) => keys.has(key));
    answers.set(pair, answer);
    return answer;
  };
}
