import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { UnpackedPackage } from "../debian-packages/fetch-packages.ts";
import type { RunProgram } from "../debian-packages/run-program.ts";
import type { ArchiveEntry } from "../imaging-os/cpio-archive.ts";
import { gatherModules } from "../imaging-os/gather-modules.ts";
import { gatherPrograms } from "../imaging-os/gather-programs.ts";
import { withoutSections } from "../imaging-os/elf-needs.ts";
import { imagePrograms, rootModules, systemModules } from "./image-contents.ts";
import {
  agentScript,
  inittab,
  leaseScript,
  rootInit,
  startScript,
  stopScript,
} from "./image-scripts.ts";

export interface RootParts {
  readonly name: string;
  readonly packages: readonly UnpackedPackage[];
  readonly kernel: UnpackedPackage;
  readonly kernelVersion: string;
  /** The agent's package, unpacked. */
  readonly agentFolder: string;
  readonly run: RunProgram;
}

/** Files of an agent's package that an image without systemd has no use for. */
const unused = /^(?:lib\/systemd|usr\/lib\/(?:sysusers|tmpfiles)\.d|usr\/share)\//;
const agentNode = "usr/lib/wws-agent/node";

/** The root file system: busybox, the agent with its Node, the tools that it asks, drivers, scripts. */
export async function gatherRoot(parts: RootParts): Promise<readonly ArchiveEntry[]> {
  const { packages, agentFolder, run } = parts;
  const agent = readTree(agentFolder).filter(({ path }) => !unused.test(path));
  const node = agent.find(({ path }) => path === agentNode);
  if (node === undefined) throw new Error(`the agent's package has no ${agentNode}`);
  const programs = gatherPrograms({ programs: imagePrograms }, { node: node.bytes }, packages);
  const modules = await gatherModules(
    parts.kernel,
    parts.kernelVersion,
    [...rootModules, ...systemModules],
    run,
  );
  return [
    // Node comes with the agent; what it needs came with the programs.
    ...programs.filter(({ path }) => path !== "usr/bin/node"),
    ...agent.map((file) =>
      file.path === agentNode ? { ...file, bytes: withoutSections(file.bytes) } : file,
    ),
    ...(await appletLinks(packages, run)),
    ...modules.entries,
    { kind: "link", path: "sbin/init", target: "../bin/busybox" },
    text("etc/inittab", inittab),
    text("etc/rc.start", startScript, 0o755),
    text("etc/rc.agent", agentScript, 0o755),
    text("etc/rc.stop", stopScript, 0o755),
    text("etc/udhcpc.script", leaseScript, 0o755),
    // The power button, which a BMC presses too; busybox's acpid looks there.
    text("etc/acpi/PWRF/00000080", "#!/bin/sh\nexec /bin/busybox poweroff\n", 0o755),
    text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"),
    text("etc/group", "root:x:0:\n"),
    text("etc/hostname", "unnamed\n"),
    text("etc/fstab", ""),
    text("etc/os-release", `NAME="WWS image"\nID=wws-image\nPRETTY_NAME=${parts.name}\n`),
    ...folders("dev", "proc", "sys", "run", "tmp", "root", "mnt"),
    ...folders("etc/wws-agent", "var/lib/wws-agent", "var/lib/wws-first-boot"),
  ];
}

/** What finds the root file system. */
export async function gatherInitramfs(parts: RootParts): Promise<readonly ArchiveEntry[]> {
  const { busybox } = imagePrograms;
  const modules = await gatherModules(parts.kernel, parts.kernelVersion, rootModules, parts.run);
  return [
    ...gatherPrograms({ programs: { busybox } }, {}, parts.packages),
    ...modules.entries,
    text("init", rootInit, 0o755),
    ...folders("dev", "proc", "sys", "root"),
  ];
}

export async function appletLinks(
  packages: readonly UnpackedPackage[],
  run: RunProgram,
): Promise<readonly ArchiveEntry[]> {
  const folder = packages.find((one) => one.package.name === "busybox-static")?.folder ?? "";
  const list = await run(join(folder, "bin/busybox"), ["--list"]);
  // busybox linked onto itself would end the first process with ELOOP.
  const taken = Object.keys(imagePrograms);
  return list
    .split("\n")
    .filter((name) => /^[a-z0-9[._-]+$/i.test(name) && !taken.includes(name))
    .map((name) => ({ kind: "link", path: `bin/${name}`, target: "busybox" }));
}

function text(path: string, content: string, mode = 0o644): ArchiveEntry {
  return { kind: "file", path, bytes: Buffer.from(content), mode };
}

function folders(...paths: readonly string[]): readonly ArchiveEntry[] {
  return paths.map((path) => ({ kind: "folder", path }));
}

type FileEntry = Extract<ArchiveEntry, { kind: "file" }>;

function readTree(folder: string): readonly FileEntry[] {
  if (!existsSync(folder)) throw new Error(`${folder} is not there`);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): FileEntry => {
      const place = join(entry.parentPath, entry.name);
      const path = place.slice(folder.length + 1);
      return { kind: "file", path, bytes: readFileSync(place), mode: statSync(place).mode & 0o777 };
    });
}
