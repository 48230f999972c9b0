import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchPackages } from "#fleet/boot/debian-packages/fetch-packages.ts";
import { packageCache, runProgram } from "#test/tooling/imaging-os.ts";

const volumeKiB = 2_048;

/** A file with a FAT volume called `cidata`, as it is or as a disk of a server. */
export async function writeSeedVolume(
  file: string,
  folder: string,
  seed: Readonly<Record<"meta-data" | "user-data", string>> & {
    readonly "network-config"?: string;
  },
): Promise<void> {
  const [fat, tools] = await fetchPackages(["dosfstools", "mtools"], {
    run: runProgram,
    cacheFolder: packageCache,
    moreSources: null,
  });
  if (fat === undefined || tools === undefined) throw new Error("dosfstools or mtools is missing");
  rmSync(file, { force: true });
  const make = join(fat.folder, "sbin/mkfs.fat");
  await runProgram(make, ["-n", "cidata", "-C", file, String(volumeKiB)]);
  for (const [name, text] of Object.entries(seed)) {
    const path = join(folder, name);
    writeFileSync(path, text);
    const mtools = join(tools.folder, "usr/bin/mtools");
    await runProgram(mtools, ["-c", "mcopy", "-i", file, path, `::${name}`]);
  }
}
