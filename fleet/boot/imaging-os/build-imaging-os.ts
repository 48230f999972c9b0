import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync, constants } from "node:zlib";
import {
  fetchPackages,
  type PackageSource,
  resolveKernelName,
  sectionBesideMain,
  type UnpackedPackage,
} from "../debian-packages/fetch-packages.ts";
import type { RunProgram } from "../debian-packages/run-program.ts";
import { type ArchiveEntry, writeCpio } from "./cpio-archive.ts";
import { gatherFirmware, gatherModules } from "./gather-modules.ts";
import { gatherPrograms } from "./gather-programs.ts";
import { imagingContents, type ImagingKind } from "./imaging-contents.ts";
import { dhcpScript, imagingHome, imagingInit } from "./imaging-init.ts";
import { describeFile, type ImagingManifest } from "./imaging-manifest.ts";

export interface ImagingRequest {
  readonly kind: ImagingKind;
  /** kernel, initramfs and manifest.json are written here. */
  readonly out: string;
  readonly cacheFolder: string;
  readonly run: RunProgram;
  /** Node itself. */
  readonly node: Uint8Array;
  /** Our programs, each one file of JavaScript, by name; `imaging.mjs` among them. */
  readonly programs: ReadonlyMap<string, Uint8Array>;
  /** Version of the agent inside. */
  readonly release: string;
  /** Further files of a site: keys whose tokens are taken, an authority; by path. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** Progress in words. */
  readonly tell: (text: string) => void;
}

/** Of the kernel's unpacker and of zstd: what a boot takes more memory for is not worth it. */
const compressionLevel = 15;

/**
 * Kernel and initramfs of the imaging OS, out of Debian packages that are unpacked and not installed,
 * with our own programs inside; the same packages and programs give the same bytes. Throws when they
 * are larger than their kind may be.
 */
export async function buildImagingOs(request: ImagingRequest): Promise<ImagingManifest> {
  const { kind, out, run, tell } = request;
  const contents = imagingContents[kind];
  const source: PackageSource = { run, cacheFolder: request.cacheFolder, moreSources: null };
  const kernelName = await resolveKernelName(source);
  const version = kernelName.replace("linux-image-", "");
  tell(`fetching packages; kernel ${version}`);
  const packages = await fetchPackages(
    [
      ...Object.values(contents.programs).map((one) => one.package),
      ...contents.libraries,
      kernelName,
    ],
    source,
  );
  const kernelPackage = packages.find((one) => one.package.name === kernelName);
  if (kernelPackage === undefined) throw new Error(`${kernelName} was not fetched`);
  const modules = await gatherModules(kernelPackage, version, contents.modules, run);
  const firmwarePackages = await fetchFirmware(contents.firmware, source);
  const firmware = gatherFirmware(modules.firmwareNames, firmwarePackages);
  const programs = gatherPrograms(contents, { node: request.node }, packages);
  tell("packing");
  const archive = writeCpio([
    ...programs,
    ...(await busyboxLinks(packages, Object.keys(contents.programs), run)),
    ...modules.entries,
    ...(kind === "full" ? firmware.entries : []),
    ...ownFiles(request, packages),
  ]);
  const initramfs = zstdCompressSync(archive, {
    params: {
      [constants.ZSTD_c_compressionLevel]: compressionLevel,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  const kernel = readFileSync(join(kernelPackage.folder, "boot", `vmlinuz-${version}`));
  const total = kernel.length + initramfs.length;
  if (total > contents.bytesMax)
    throw new Error(`the ${kind} imaging OS has ${total} bytes, more than ${contents.bytesMax}`);
  const manifest: ImagingManifest = {
    format: 1,
    kind,
    architecture: "amd64",
    kernel: { ...describeFile("vmlinuz", kernel), version },
    initramfs: describeFile("initramfs", initramfs),
    release: request.release,
    packages: [...packages, ...firmwarePackages].map(({ package: one }) => ({
      name: one.name,
      version: one.version,
      sha256: one.sha256,
    })),
    firmwareMissing: kind === "full" ? firmware.missing.length : 0,
  };
  mkdirSync(out, { recursive: true });
  writeWhole(join(out, "vmlinuz"), kernel);
  writeWhole(join(out, "initramfs"), initramfs);
  writeWhole(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function fetchFirmware(
  names: readonly string[],
  source: PackageSource,
): Promise<readonly UnpackedPackage[]> {
  if (names.length === 0) return [];
  // What is not free lies beside main in the same archive, which few machines have on their list.
  const moreSources = await sectionBesideMain("non-free-firmware", source);
  return fetchPackages(names, { ...source, moreSources });
}

/** One link for each of busybox's programs that is not a real one's name. */
async function busyboxLinks(
  packages: readonly UnpackedPackage[],
  taken: readonly string[],
  run: RunProgram,
): Promise<readonly ArchiveEntry[]> {
  const folder = packages.find((one) => one.package.name === "busybox-static")?.folder ?? "";
  const list = await run(join(folder, "bin/busybox"), ["--list"]);
  return list
    .split("\n")
    .filter((name) => /^[a-z0-9[._-]+$/i.test(name) && !taken.includes(name))
    .map((name) => ({ kind: "link", path: `bin/${name}`, target: "busybox" }));
}

function ownFiles(
  request: ImagingRequest,
  packages: readonly UnpackedPackage[],
): readonly ArchiveEntry[] {
  const file = (path: string, bytes: Uint8Array | string, mode = 0o644): ArchiveEntry => ({
    kind: "file",
    path,
    bytes: typeof bytes === "string" ? Buffer.from(bytes) : bytes,
    mode,
  });
  const mke2fs = packages.find((one) => one.package.name === "e2fsprogs");
  const entries = [
    file("init", imagingInit, 0o755),
    file(`${imagingHome}/dhcp`, dhcpScript, 0o755),
    file("etc/passwd", "root:x:0:0:root:/:/bin/sh\n"),
    file("etc/hostname", "imaging\n"),
    file(
      "etc/os-release",
      `NAME="WWS imaging OS"\nID=wws-imaging\nVERSION_ID=${request.release}\n`,
    ),
    ...["dev", "proc", "sys", "tmp", "run", "mnt", "etc"].map(
      (path): ArchiveEntry => ({ kind: "folder", path }),
    ),
    ...[...request.programs].map(([name, bytes]) => file(`${imagingHome}/${name}`, bytes)),
    ...[...(request.files ?? [])].map(([path, bytes]) => file(path, bytes)),
  ];
  if (mke2fs === undefined) return entries;
  return [
    ...entries,
    file("etc/mke2fs.conf", readFileSync(join(mke2fs.folder, "etc/mke2fs.conf"))),
  ];
}

/** A reader never sees a file that is half written. */
function writeWhole(path: string, bytes: Uint8Array | string): void {
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}
