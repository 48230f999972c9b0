import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createSystemClock } from "#agent/program/system-effects.ts";
import { openBlockFolder } from "#fleet/storage/block-folder-files.ts";
import { openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { dictionaryOf, seriesOf } from "#test/support/report-builders.ts";
import { entryOf } from "#test/support/telemetry-world.ts";

export interface StoredBytes {
  readonly bytesPerSample: number;
  readonly logBytesPerSample: number;
}

/**
 * Bytes on disk of a telemetry folder that nobody has open: as it was left, and after its log was
 * sealed and compacted, as a manager does within the hour. One report more makes it begin a new log.
 */
export async function measureStored(directory: string, samples: number): Promise<StoredBytes> {
  const logBytes = bytesIn(directory);
  const folder = openBlockFolder(directory);
  const clock = createSystemClock();
  const config = { segmentMsMax: 0 };
  const telemetry = await openTelemetry({ folder, clock, log: silentLog, config });
  const dictionary = dictionaryOf(seriesOf("system.memory.limit"));
  telemetry.addDictionary(dictionary);
  await telemetry.append(entryOf({ seq: 1, dictionary, points: [[1]] }));
  await telemetry.compacted();
  await telemetry.close();
  folder.close();
  return {
    bytesPerSample: bytesIn(directory) / samples,
    logBytesPerSample: logBytes / samples,
  };
}

function bytesIn(directory: string): number {
  return readdirSync(directory).reduce(
    (sum, name) => sum + statSync(join(directory, name)).size,
    0,
  );
}
