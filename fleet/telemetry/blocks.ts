import type { BlockFolder } from "./block-folder.ts";
import {
  blockFooterBytes,
  type DictionaryPlace,
  readBlockFooter,
  type SectionPlace,
  takeBlockIndex,
} from "./block-index.ts";
import { CorruptBytes } from "./byte-reader.ts";
import type { HostTable } from "./host-table.ts";
import type { LogDamage } from "./read-segment.ts";

/** A compacted file, found by host in memory: some 50 bytes for each host that is in it. */
export interface Block {
  /** Of the segment that it was made from, and which part of it. */
  readonly number: number;
  readonly part: number;
  readonly name: string;
  readonly bytes: number;
  readonly newestReceivedMs: number;
  readonly damages: readonly LogDamage[];
  readonly dictionaries: readonly DictionaryPlace[];
  readonly hosts: Uint32Array;
  /** undefined: nothing of the host is in here. */
  find(host: number): FoundSection | undefined;
}

export type FoundSection = Omit<SectionPlace, "hostId" | "samples">;

/** Reads a file's index. Throws CorruptBytes, TelemetryError `FORMAT_NEWER`. */
export async function openBlock(
  folder: BlockFolder,
  name: string,
  hosts: HostTable,
): Promise<Block> {
  const place = parseBlockName(name);
  const bytes = folder.size(name);
  if (place === undefined || bytes < blockFooterBytes) throw new CorruptBytes("no block");
  const end = bytes - blockFooterBytes;
  const footer = readBlockFooter(await folder.read(name, end, blockFooterBytes));
  const index = takeBlockIndex(await folder.read(name, footer.offset, footer.length), footer.crc);
  const { newestReceivedMs, damages, dictionaries } = index;
  const found = packSections(index.sections, hosts);
  return { ...place, name, bytes, newestReceivedMs, damages, dictionaries, ...found };
}

function packSections(
  sections: readonly SectionPlace[],
  hosts: HostTable,
): Pick<Block, "hosts" | "find"> {
  const numbered = sections
    .map((section) => ({ section, host: hosts.require(section.hostId).number }))
    .sort((left, right) => left.host - right.host);
  const numbers = Uint32Array.from(numbered, ({ host }) => host);
  const places = new Float64Array(numbered.length * fields.length);
  for (const [row, { section }] of numbered.entries()) {
    for (const [column, field] of fields.entries()) {
      places[row * fields.length + column] = section[field];
    }
  }
  return {
    hosts: numbers,
    find(host) {
      const row = findNumber(numbers, host);
      if (row < 0) return undefined;
      const [offset = 0, headBytes = 0, headCrc = 0, bytes = 0, fromMs = 0, toMs = 0, gaps = 0] =
        places.subarray(row * fields.length, (row + 1) * fields.length);
      return { offset, headBytes, headCrc, bytes, fromMs, toMs, gaps };
    },
  };
}

const fields = ["offset", "headBytes", "headCrc", "bytes", "fromMs", "toMs", "gaps"] as const;

function findNumber(numbers: Uint32Array, wanted: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const number = numbers[middle] ?? 0;
    if (number === wanted) return middle;
    if (number < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function blockName(number: number, part: number): string {
  return `block-${String(number).padStart(10, "0")}-${String(part).padStart(4, "0")}.col`;
}

/** undefined: the name of something else. */
export function parseBlockName(
  name: string,
): { readonly number: number; readonly part: number } | undefined {
  const match = /^block-([0-9]{10})-([0-9]{4})\.col$/.exec(name);
  return match === null ? undefined : { number: Number(match[1]), part: Number(match[2]) };
}
