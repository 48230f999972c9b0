import { type ControlStore, openControlStore } from "#fleet/storage/control-store.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { testCell } from "./inventory-builders.ts";
import { createSeededRandom } from "./seeded-random.ts";

/** The control store in memory: the real one, on SQLite. Close it. */
export function openMemoryStore(clock: Clock): Promise<ControlStore> {
  return openControlStore(
    { sqlite: ":memory:" },
    { log: silentLog, clock, random: createSeededRandom(1), release: "0.1.0", cell: testCell },
  );
}
