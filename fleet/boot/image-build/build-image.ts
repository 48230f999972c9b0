import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import { fetchPackages, resolveKernelName } from "../debian-packages/fetch-packages.ts";
import type { RunProgram } from "../debian-packages/run-program.ts";
import { writeCpio } from "../imaging-os/cpio-archive.ts";
import { imagingContents } from "../imaging-os/imaging-contents.ts";
import { gatherInitramfs, gatherRoot, type RootParts } from "./gather-root.ts";
import { imagePrograms, imageTools } from "./image-contents.ts";
import type { BuiltImage } from "./image-manifest.ts";
import { type FindTool, makeBootFileSystem, makeRootFileSystem } from "./make-file-systems.ts";
import { blockBytes, type ImagePartition, tableBlocks, writeGpt } from "./write-gpt.ts";

export interface ImageRequest {
  /** `debian-12-lab`. */
  readonly name: string;
  /** NAME.raw.zst and NAME.json are written here. */
  readonly out: string;
  readonly cacheFolder: string;
  readonly run: RunProgram;
  /** The agent's Debian package, as `npm run package` makes it. */
  readonly agentPackage: string;
  readonly tell: (text: string) => void;
}

const mebibyte = 1024 * 1024;
const alignedLba = 2_048;
/** FAT32 begins at 33 MiB. */
const bootMiB = 40;
const rootSlackMiB = 24;
const compressionLevel = 9;

export const imageNameForm = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/**
 * A small Debian that starts from any disk, by BIOS and by UEFI, with our agent in it: made of
 * packages by programs of packages, without root, mounts or loop devices. The same packages give the
 * same bytes. An example, and what tests write to disks.
 */
export async function buildImage(request: ImageRequest): Promise<BuiltImage> {
  const { name, out, cacheFolder, run, tell } = request;
  if (!imageNameForm.test(name)) throw new Error(`${name} is no name for an image`);
  if (!existsSync(request.agentPackage))
    throw new Error(`${request.agentPackage} is not there: \`npm run package\` makes it`);
  mkdirSync(cacheFolder, { recursive: true });
  const source = { run, cacheFolder, moreSources: null };
  const kernelName = await resolveKernelName(source);
  tell(`fetching packages; ${kernelName}`);
  const packages = await fetchPackages(
    [
      ...Object.values(imagePrograms).map((one) => one.package),
      ...imagingContents.lean.libraries,
      ...imageTools,
      kernelName,
    ],
    source,
  );
  const tool: FindTool = (packageName, path) => {
    const found = packages.find((one) => one.package.name === packageName);
    if (found === undefined) throw new Error(`${packageName} was not fetched`);
    return join(found.folder, path);
  };
  const kernelVersion = kernelName.replace("linux-image-", "");
  const kernel = packages.find((one) => one.package.name === kernelName);
  if (kernel === undefined) throw new Error(`${kernelName} was not fetched`);
  const work = mkdtempSync(join(cacheFolder, "image."));
  try {
    const agentFolder = join(work, "agent");
    mkdirSync(agentFolder);
    await run("dpkg", ["-x", request.agentPackage, agentFolder]);
    const parts: RootParts = { name, packages, kernel, kernelVersion, agentFolder, run };
    tell("making file systems");
    const disk = await makeDisk(parts, work, tool);
    tell("packing");
    const file = `${name}.raw.zst`;
    const packed = zstdCompressSync(disk, {
      params: {
        [constants.ZSTD_c_compressionLevel]: compressionLevel,
        [constants.ZSTD_c_checksumFlag]: 1,
      },
    });
    const image: BuiltImage = {
      format: "raw.zst",
      name,
      file,
      fileBytes: packed.length,
      sha256: sha256(packed),
      rawBytes: disk.length,
      rawSha256: sha256(disk),
      kernel: kernelVersion,
      firmware: ["bios", "uefi"],
      packages: packages.map(({ package: one }) => ({
        name: one.name,
        version: one.version,
        sha256: one.sha256,
      })),
    };
    mkdirSync(out, { recursive: true });
    writeWhole(join(out, file), packed);
    writeWhole(join(out, `${name}.json`), `${JSON.stringify(image, null, 2)}\n`);
    return image;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The whole disk, tables and all. */
async function makeDisk(parts: RootParts, work: string, tool: FindTool): Promise<Buffer> {
  const { kernel, kernelVersion, name, run } = parts;
  const initrd = join(work, "initrd");
  writeFileSync(initrd, zstdCompressSync(writeCpio(await gatherInitramfs(parts))));
  const kernelFile = join(work, "vmlinuz");
  writeFileSync(kernelFile, readFileSync(join(kernel.folder, "boot", `vmlinuz-${kernelVersion}`)));
  const loader = join(work, "loader.efi");
  writeFileSync(
    loader,
    readFileSync(tool("systemd-boot-efi", "usr/lib/systemd/boot/efi/systemd-bootx64.efi")),
  );
  const bootFile = join(work, "boot.img");
  const boot = { kernel: kernelFile, initrd, uefiLoader: loader };
  await makeBootFileSystem(bootFile, bootMiB, boot, work, tool, run);
  const entries = await gatherRoot(parts);
  const contentBytes = entries.reduce(
    (total, entry) => total + (entry.kind === "file" ? entry.bytes.length : 0),
    0,
  );
  const rootMiB = Math.ceil(contentBytes / mebibyte) + rootSlackMiB;
  const rootFile = join(work, "root.img");
  await makeRootFileSystem(rootFile, rootMiB, entries, { name, work }, tool, run);
  const blocksOf = (sizeMiB: number): number => (sizeMiB * mebibyte) / blockBytes;
  const bootLba = alignedLba;
  const rootLba = bootLba + blocksOf(bootMiB);
  const partitions: readonly ImagePartition[] = [
    {
      type: "efi",
      name: "boot",
      firstLba: bootLba,
      lastLba: rootLba - 1,
      isLegacyBootable: true,
    },
    {
      type: "linux",
      name: "root",
      firstLba: rootLba,
      lastLba: rootLba + blocksOf(rootMiB) - 1,
      isLegacyBootable: false,
    },
  ];
  const disk = Buffer.alloc((bootMiB + rootMiB + 2) * mebibyte);
  const blocks = disk.length / blockBytes;
  const bootCode = readFileSync(tool("syslinux", "usr/lib/SYSLINUX/gptmbr.bin"));
  const tables = writeGpt(partitions, blocks, name, bootCode);
  disk.set(tables.front, 0);
  disk.set(tables.back, (blocks - tableBlocks.back) * blockBytes);
  readInto(disk, bootLba * blockBytes, bootFile);
  readInto(disk, rootLba * blockBytes, rootFile);
  return disk;
}

function readInto(disk: Buffer, at: number, file: string): void {
  const { size } = statSync(file);
  const open = openSync(file, "r");
  try {
    for (let done = 0; done < size; ) {
      const count = readSync(open, disk, at + done, Math.min(size - done, 64 * mebibyte), done);
      if (count === 0) throw new Error(`${file} ended early`);
      done += count;
    }
  } finally {
    closeSync(open);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A reader never sees a file that is half written. */
function writeWhole(path: string, bytes: Uint8Array | string): void {
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}
