import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type ControlStore, openControlStore } from "#fleet/storage/control-store.ts";
import { backupKey } from "#fleet/storage/safe-mode-rows.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { CellId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";

/** The cell's control store, in memory, and the backups that were made of it. */
export interface CellStore {
  /** It is being restored: nobody opens it meanwhile. */
  isAway: boolean;
  store(): ControlStore;
  /** As of now; the same name again takes the place of the older one. */
  backup(name: string): Promise<void>;
  hasBackup(name: string): boolean;
  /**
   * The backup is the store from now on; whoever had the old one open has it no more. `isMarked`
   * false: the file was copied by hand, and nothing in it says that it is a backup.
   */
  restore(name: string, isMarked: boolean): Promise<void>;
  close(): Promise<void>;
}

export const simulatedCell = "sim" as CellId;

export async function openCellStore(effects: {
  readonly clock: Clock;
  readonly random: SeededRandom;
}): Promise<CellStore> {
  const { clock } = effects;
  const options = {
    log: silentLog,
    clock,
    random: effects.random,
    release: "0.0.0-simulation",
    cell: simulatedCell,
  };
  let folder: string | null = null;
  let opened = 0;
  let store = await openControlStore({ sqlite: ":memory:" }, options);
  const backups = new Set<string>();
  // In memory, where the machine has such a folder: a disk would make the run wait.
  const makeFolder = (): string => {
    folder ??= mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "wws-simulation-"));
    return folder;
  };
  return {
    isAway: false,
    store: () => store,
    hasBackup: (name) => backups.has(name),
    async backup(name) {
      const place = mkdtempSync(join(makeFolder(), `${name}-`));
      const made = await store.backup(place);
      copyFileSync(made, join(makeFolder(), `${name}.sqlite`));
      rmSync(place, { recursive: true });
      backups.add(name);
    },
    async restore(name, isMarked) {
      await store.close();
      opened += 1;
      const path = join(makeFolder(), `restored-${opened}.sqlite`);
      copyFileSync(join(makeFolder(), `${name}.sqlite`), path);
      if (!isMarked) removeMark(path);
      store = await openControlStore({ sqlite: path }, options);
    },
    async close() {
      await store.close();
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function removeMark(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.prepare("delete from meta where key = ?").run(backupKey);
  } finally {
    database.close();
  }
}
