import { crc32 } from "node:zlib";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { BlockFolder } from "./block-folder.ts";
import { type DictionaryPlace, putBlockIndex, type SectionPlace } from "./block-index.ts";
import { blockName } from "./blocks.ts";
import { createByteWriter, putBytes, writtenBytes } from "./byte-writer.ts";
import type { KnownDictionary } from "./dictionaries.ts";
import type { LogDamage } from "./read-segment.ts";
import type { EncodedSection } from "./section-encoder.ts";

/** Fills block files, one after the other, with the hosts of one segment. */
export interface BlockWriter {
  /** For the sections of the file that is being filled. */
  numberOf(dictionary: KnownDictionary): number;
  /** Writes the file once it is large enough. */
  add(section: EncodedSection, facts: SectionFacts): Promise<void>;
  /** Writes what is left; the names of all files, all of them on disk. */
  finish(): Promise<readonly string[]>;
}

export type SectionFacts = Pick<SectionPlace, "fromMs" | "toMs" | "samples" | "gaps"> & {
  readonly hostId: HostId;
};

export interface BlockWriterParts {
  readonly folder: BlockFolder;
  readonly segment: number;
  readonly blockBytesMax: number;
  readonly newestReceivedMs: number;
  readonly damages: readonly LogDamage[];
}

export function createBlockWriter(parts: BlockWriterParts): BlockWriter {
  const { folder, segment, blockBytesMax, newestReceivedMs, damages } = parts;
  const names: string[] = [];
  const writer = createByteWriter(64 * 1024);
  let sections: SectionPlace[] = [];
  let dictionaries = new Map<KnownDictionary, number>();

  const writeFile = async (): Promise<void> => {
    const places: DictionaryPlace[] = [];
    for (const { digest, bytes } of dictionaries.keys()) {
      places.push({ digest, offset: writer.at, length: bytes.length, crc: crc32(bytes) });
      putBytes(writer, bytes);
    }
    // Each file says what was damaged: one may outlive the other.
    putBlockIndex(writer, { newestReceivedMs, damages, dictionaries: places, sections });
    const name = blockName(segment, names.length);
    await folder.writeWhole(name, writtenBytes(writer));
    names.push(name);
    writer.at = 0;
    sections = [];
    dictionaries = new Map();
  };

  return {
    numberOf(dictionary) {
      const number = dictionaries.get(dictionary) ?? dictionaries.size;
      dictionaries.set(dictionary, number);
      return number;
    },
    async add({ head, chunks, bytes }, facts) {
      const offset = writer.at;
      putBytes(writer, head);
      for (const chunk of chunks) putBytes(writer, chunk);
      sections.push({ ...facts, offset, headBytes: head.length, headCrc: crc32(head), bytes });
      if (writer.at >= blockBytesMax) await writeFile();
    },
    async finish() {
      if (sections.length > 0 || (names.length === 0 && damages.length > 0)) await writeFile();
      return names;
    },
  };
}
