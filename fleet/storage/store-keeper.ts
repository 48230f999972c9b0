import { existsSync, mkdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { formatUtcName } from "#proto/vocabulary/utc-time.ts";
import { auditHeadsFileName } from "./audit-heads-file.ts";
import { authorityFileName } from "./authority-file.ts";
import type { StoreFinding } from "./check-control-store.ts";
import type { ControlStore } from "./control-store.ts";
import { copySnapshot, linkSnapshot, snapshotBytes } from "./folder-snapshot.ts";
import { StoreError } from "./store-error.ts";

export interface StoreKeeper {
  /** Reads everything and compares; never repairs. */
  check(): Promise<{ readonly isSound: boolean; readonly checks: StoreFinding[] }>;
  /** A consistent copy of all data in a fresh folder beneath `backups` in the data folder. */
  backup(): Promise<{ readonly folder: string; readonly files: number; readonly bytes: number }>;
}

const filesKept: ReadonlySet<string> = new Set([authorityFileName, auditHeadsFileName]);

/** What a backup leaves free on the disk: the manager must go on writing. */
const freeBytesKept = 256 * 1024 * 1024;

/** The manager's data as an operator sees it: control store, authority and telemetry together. */
export function createStoreKeeper(effects: {
  readonly dataFolder: string;
  readonly store: Pick<ControlStore, "check" | "backup">;
  readonly clock: Clock;
  /** What else is to be checked: the telemetry's own findings. */
  readonly checkMore: () => Promise<readonly StoreFinding[]>;
}): StoreKeeper {
  const { dataFolder, store, clock } = effects;
  const telemetryFolder = join(dataFolder, "telemetry");
  return {
    async check() {
      const checks = [...(await store.check()), ...(await effects.checkMore())];
      return { isSound: checks.every(({ isSound }) => isSound), checks };
    },

    async backup() {
      const folder = makeFolder(dataFolder, clock);
      try {
        // In one go, without waiting: the telemetry's files as a crash in this moment would leave
        // them, which is what its recovery is made for.
        const telemetry = linkSnapshot(telemetryFolder, join(folder, "telemetry"));
        const files = linkSnapshot(dataFolder, folder, (name) => filesKept.has(name));
        const bytes = snapshotBytes(telemetry, files);
        refuseFullDisk(folder, bytes);
        const control = await store.backup(folder);
        await copySnapshot(telemetry);
        await copySnapshot(files);
        return {
          folder,
          files: telemetry.files.length + files.files.length + 1,
          bytes: bytes + statSync(control).size,
        };
      } catch (cause) {
        rmSync(folder, { recursive: true, force: true });
        throw cause;
      }
    },
  };
}

/** `backups/2026-11-23T08-22-44Z`, with a number behind it where that second has one already. */
function makeFolder(dataFolder: string, clock: Clock): string {
  const name = formatUtcName(clock.nowUnixMs());
  const parent = join(dataFolder, "backups");
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  for (let number = 1; ; number += 1) {
    const folder = join(parent, number === 1 ? name : `${name}-${number}`);
    if (existsSync(folder)) continue;
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  }
}

function refuseFullDisk(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes + freeBytesKept) return;
  const mebibytes = (count: number): number => Math.ceil(count / 1024 / 1024);
  throw new StoreError(
    "STORE_FULL",
    `a backup needs ${mebibytes(bytes + freeBytesKept)} MiB on the disk of the data folder, and ${mebibytes(free)} MiB are free; make room, or copy older backups elsewhere and remove them`,
  );
}
