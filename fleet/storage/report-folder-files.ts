import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ReportFolder } from "#fleet/reports/report-scheduler.ts";
import { syncFolder, writeWholeFile } from "./whole-file.ts";

/** Reports as files, each there whole or not at all. `usual`: where no folder is said. */
export function createReportFolder(usual: string): ReportFolder {
  return {
    write(folder, name, pieces) {
      const place = folder ?? usual;
      mkdirSync(place, { recursive: true, mode: 0o750 });
      const path = join(place, name);
      const bytes = Buffer.concat([...pieces].map((piece) => Buffer.from(piece)));
      writeWholeFile(path, bytes, 0o640);
      return path;
    },
    list(folder) {
      return readdirSync(folder ?? usual, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name);
    },
    remove(folder, name) {
      rmSync(join(folder ?? usual, name), { force: true });
      syncFolder(folder ?? usual);
    },
  };
}
