import { chmodSync, lutimesSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunProgram } from "../debian-packages/run-program.ts";
import { type ArchiveEntry, withFolders } from "../imaging-os/cpio-archive.ts";
import { rootLabel } from "./image-contents.ts";
import { loaderConfig, loaderEntry, syslinuxConfig } from "./image-scripts.ts";
import { guidOf } from "./write-gpt.ts";

/** Programs out of unpacked packages, by name. */
export type FindTool = (packageName: string, path: string) => string;

/** 2020-01-01: FAT knows no time before 1980. */
const epochSeconds = 1_577_836_800;
const fixedTimes = {
  SOURCE_DATE_EPOCH: String(epochSeconds),
  E2FSPROGS_FAKE_TIME: String(epochSeconds),
  TZ: "UTC",
};

export interface BootFiles {
  readonly kernel: string;
  readonly initrd: string;
  readonly uefiLoader: string;
}

/** The file system that BIOS and UEFI both start from: FAT with SYSLINUX and systemd-boot on it. */
export async function makeBootFileSystem(
  file: string,
  sizeMiB: number,
  boot: BootFiles,
  work: string,
  tool: FindTool,
  run: RunProgram,
): Promise<void> {
  await run(
    tool("dosfstools", "sbin/mkfs.fat"),
    ["-F", "32", "-n", "BOOT", "--invariant", "-C", file, String(sizeMiB * 1024)],
    { environment: fixedTimes },
  );
  const mtools = tool("mtools", "usr/bin/mtools");
  const text = (name: string, content: string): string => {
    const path = join(work, name);
    writeFileSync(path, content);
    return path;
  };
  const files: readonly (readonly [from: string, to: string])[] = [
    [boot.kernel, "vmlinuz"],
    [boot.initrd, "initrd"],
    [text("syslinux.cfg", syslinuxConfig), "syslinux.cfg"],
    [boot.uefiLoader, "EFI/BOOT/BOOTX64.EFI"],
    [text("loader.conf", loaderConfig), "loader/loader.conf"],
    [text("linux.conf", loaderEntry), "loader/entries/linux.conf"],
  ];
  const options = { environment: { ...fixedTimes, MTOOLS_SKIP_CHECK: "1" } };
  const folders = ["EFI", "EFI/BOOT", "loader", "loader/entries"].map((path) => `::${path}`);
  await run(mtools, ["-c", "mmd", "-i", file, ...folders], options);
  for (const [from, to] of files) {
    utimesSync(from, epochSeconds, epochSeconds);
    await run(mtools, ["-c", "mcopy", "-m", "-i", file, from, `::${to}`], options);
  }
  // It writes by mtools, which it looks for on the path.
  await run(tool("syslinux", "usr/bin/syslinux"), ["--install", file], {
    environment: { ...options.environment, PATH: `${dirname(mtools)}:/usr/bin:/bin` },
  });
}

/** ext4 with these files, all of root, made without mounting anything. */
export async function makeRootFileSystem(
  file: string,
  sizeMiB: number,
  entries: readonly ArchiveEntry[],
  ask: { readonly name: string; readonly work: string },
  tool: FindTool,
  run: RunProgram,
): Promise<void> {
  const folder = join(ask.work, "root");
  mkdirSync(folder);
  const all = withFolders(entries);
  for (const entry of all) {
    const path = join(folder, entry.path);
    if (entry.kind === "folder") mkdirSync(path, { mode: 0o755 });
    else if (entry.kind === "link") symlinkSync(entry.target, path);
    else {
      writeFileSync(path, entry.bytes);
      chmodSync(path, entry.mode);
    }
  }
  // Folders last, from the inside out: what is made in one changes its time.
  for (const { path } of all.toReversed())
    lutimesSync(join(folder, path), epochSeconds, epochSeconds);
  utimesSync(folder, epochSeconds, epochSeconds);
  const guid = guidOf(`${ask.name} root`);
  const features = ["-t", "ext4", "-L", rootLabel, "-U", guid, "-m", "0", "-I", "256"];
  await run(
    tool("e2fsprogs", "sbin/mke2fs"),
    [
      ...["-q", ...features, "-O", "^has_journal", "-N", "4096"],
      ...["-E", `root_owner=0:0,hash_seed=${guid},lazy_itable_init=0`],
      ...["-d", folder, file, `${sizeMiB}M`],
    ],
    { environment: fixedTimes },
  );
  // Built by anybody, it is root's: numbers of users are taken over from the folder.
  const script = join(ask.work, "owners");
  const lines = all
    .filter(({ path }) => !path.includes(" "))
    .flatMap(({ path }) => [
      `sif /${path} uid 0`,
      `sif /${path} gid 0`,
      `sif /${path} ctime @${epochSeconds}`,
    ]);
  writeFileSync(script, `${lines.join("\n")}\n`);
  await run(tool("e2fsprogs", "sbin/debugfs"), ["-w", "-f", script, file], {
    environment: fixedTimes,
  });
  await run(tool("e2fsprogs", "sbin/tune2fs"), ["-O", "has_journal", file], {
    environment: fixedTimes,
  });
}
