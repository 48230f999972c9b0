import type { Log } from "#proto/vocabulary/log.ts";
import type { BlockFolder } from "./block-folder.ts";
import { CorruptBytes } from "./byte-reader.ts";
import { type Catalog, createCatalog } from "./catalog.ts";
import { createDictionaries, type Dictionaries } from "./dictionaries.ts";
import type { FileLeases } from "./file-leases.ts";
import { createHostTable, type HostTable } from "./host-table.ts";
import { latestFromBlock } from "./latest-from-blocks.ts";
import { recoverBlocks } from "./recover-blocks.ts";
import { recoverLatest } from "./recover-latest.ts";
import { recoverSegments } from "./recover-segments.ts";
import type { TelemetryConfig } from "./telemetry-config.ts";

/** All that the store keeps in memory, as the files say it. */
export interface RecoveredStore {
  readonly hosts: HostTable;
  readonly dictionaries: Dictionaries;
  readonly catalog: Catalog;
  /** Of the newest segment; undefined in an empty folder. */
  readonly salt: number | undefined;
}

export interface RecoverStoreParts {
  readonly folder: BlockFolder;
  readonly log: Log;
  readonly leases: FileLeases;
  readonly config: TelemetryConfig;
}

/** Throws TelemetryError `FORMAT_NEWER`, or the folder's own error. */
export async function recoverStore(parts: RecoverStoreParts): Promise<RecoveredStore> {
  const { folder, log, leases, config } = parts;
  const dictionaries = createDictionaries();
  const hosts = createHostTable({ spoolsPerHostMax: config.spoolsPerHostMax });
  const { segments, salt, damages } = await recoverSegments({ folder, log, hosts, dictionaries });
  const blocks = await recoverBlocks({ folder, log, hosts }, segments);
  const catalog = createCatalog({
    leases,
    dictionaries,
    segments,
    blocks,
    damages: [...blocks.flatMap((block) => block.damages), ...damages],
  });
  await recoverLatest({ folder, hosts }, segments);
  for (const host of hosts.all()) {
    if (host.latest.pages.length > 0) continue;
    const newest = catalog.blocks.findLast((block) => block.find(host.number) !== undefined);
    if (newest === undefined) continue;
    try {
      await latestFromBlock({ folder, dictionaries }, host, newest);
    } catch (error) {
      if (!(error instanceof CorruptBytes)) throw error;
      log.error({ err: error, file: newest.name }, "a telemetry block is damaged");
    }
  }
  return { hosts, dictionaries, catalog, salt };
}
