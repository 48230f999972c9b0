import { silentLog } from "#proto/vocabulary/log.ts";
import type { BlockFolder } from "./block-folder.ts";
import { placeRuns, readBlockDictionary, readColumns, readSectionHead } from "./block-tracks.ts";
import { openBlock, parseBlockName } from "./blocks.ts";
import { createDictionaries } from "./dictionaries.ts";
import { createHostTable } from "./host-table.ts";
import { readSegment } from "./read-segment.ts";
import { parseSegmentName } from "./segments.ts";

/** One thing that was looked at, in words for people. */
export interface TelemetryFinding {
  readonly what: string;
  readonly isSound: boolean;
  readonly detail: string;
}

/**
 * Reads every byte of the telemetry's files and verifies every checksum, with tables of its own,
 * while the store goes on working; it never repairs. The end of the newest file of the log may be
 * half a record: somebody is writing it. Bytes that the store itself found damaged before are
 * damaged still.
 */
export async function checkTelemetry(folder: BlockFolder): Promise<readonly TelemetryFinding[]> {
  const names = folder.list();
  return [
    await checkLog(
      folder,
      names.filter((name) => parseSegmentName(name) !== undefined),
    ),
    await checkBlocks(
      folder,
      names.filter((name) => parseBlockName(name) !== undefined),
    ),
  ];
}

/** A file that was just begun may have less than its first record. */
const headerBytesMax = 64;

async function checkLog(folder: BlockFolder, names: readonly string[]): Promise<TelemetryFinding> {
  const newest = names.at(-1);
  let saltBefore: number | undefined;
  return inspect("telemetry: log", folder, names, async (name) => {
    const number = parseSegmentName(name) ?? 0;
    const parts = { folder, log: silentLog, ...newTables() };
    const found = await readSegment(parts, { number, name, saltBefore });
    saltBefore = found.segment?.salt;
    const problems = found.damages.map(({ bytes }) => `${bytes} bytes are no records`);
    const tail = found.size - found.goodBytes;
    if (found.segment === null && found.size > headerBytesMax)
      problems.push("not one record can be read");
    else if (tail > 0 && name !== newest) problems.push(`its last ${tail} bytes are no record`);
    return problems;
  });
}

function checkBlocks(folder: BlockFolder, names: readonly string[]): Promise<TelemetryFinding> {
  return inspect("telemetry: blocks", folder, names, async (name) => {
    const { hosts, dictionaries } = newTables();
    const block = await openBlock(folder, name, hosts);
    for (const number of block.dictionaries.keys())
      await readBlockDictionary({ folder, dictionaries }, block, number);
    for (const host of block.hosts) {
      const section = block.find(host);
      if (section === undefined) continue;
      const head = await readSectionHead(folder, block, section);
      for (const run of placeRuns(section, head))
        await readColumns(folder, block, run, null, () => {});
    }
    return block.damages.map(({ bytes }) => `${bytes} bytes of the log it was made from were lost`);
  });
}

function newTables() {
  const hosts = createHostTable({ spoolsPerHostMax: 1_024 });
  return { hosts, dictionaries: createDictionaries() };
}

const problemsShown = 3;

/** `look` answers what is wrong with a file; what it throws is wrong with it too. */
async function inspect(
  what: string,
  folder: BlockFolder,
  names: readonly string[],
  look: (name: string) => Promise<readonly string[]>,
): Promise<TelemetryFinding> {
  const problems: string[] = [];
  let files = 0;
  let bytes = 0;
  for (const name of names) {
    try {
      const size = folder.size(name);
      problems.push(...(await look(name)).map((problem) => `${name}: ${problem}`));
      files += 1;
      bytes += size;
    } catch (error) {
      // Compacted or too old by now, and removed while it was read.
      if (!folder.list().includes(name)) continue;
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length === 0)
    return {
      what,
      isSound: true,
      detail: `${files} ${files === 1 ? "file" : "files"}, ${bytes} bytes`,
    };
  const more = problems.length - problemsShown;
  const shown = problems.slice(0, problemsShown).join("; ");
  return { what, isSound: false, detail: more > 0 ? `${shown}; and ${more} more` : shown };
}
