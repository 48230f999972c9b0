import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import type { DebianKernel } from "./debian-kernel.ts";

const repository = join(import.meta.dirname, "../../..");

/** Programs that the agent asks in a guest, and the maker of its file system; each comes with the shared libraries that ldd names. */
const tools = [
  "ipmitool",
  "smartctl",
  "nvme",
  "lsblk",
  "lscpu",
  "dmidecode",
  "last",
  "mke2fs",
] as const;

const modules = [
  "virtio_pci",
  "virtio_blk",
  "virtio_net",
  "virtio_console",
  "virtio-rng",
  "nvme",
  "ahci",
  "sd_mod",
  "sg",
  "e1000e",
  "ext4",
  "crc32c_generic",
  "ipmi_si",
  "ipmi_devintf",
  "ipmi_msghandler",
  "dmi-sysfs",
  "drivetemp",
  "i6300esb",
] as const;

/**
 * An initramfs that holds busybox, the modules above, Node, the tools and this checkout's agent.
 * `init` is a shell script. Written to `file`, zstd-compressed, about 45 MiB.
 */
export function buildInitramfs(
  kernel: DebianKernel,
  init: string,
  file: string,
  /** Entry files of further programs, by the name under which they lie in /agent-home. */
  programs: Readonly<Record<string, string>> = {},
): void {
  const root = mkdtempSync(join(tmpdir(), "wws-guest-"));
  try {
    for (const folder of [
      "bin",
      "dev",
      "proc",
      "sys",
      "tmp",
      "run",
      "etc",
      "usr/bin",
      "lib64",
      "out",
    ])
      mkdirSync(join(root, folder), { recursive: true });
    installBusybox(root);
    const node = realpathSync(join(repository, "node_modules/.bin/node"));
    installProgram(root, node, "node");
    execFileSync("strip", ["--strip-all", join(root, "usr/bin/node")]);
    for (const tool of tools) installProgram(root, findProgram(tool), tool);
    installModules(root, kernel);
    installAgent(root);
    for (const [name, entry] of Object.entries(programs))
      bundle(entry, join(root, "agent-home", `${name}.mjs`));
    writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
    writeFileSync(join(root, "etc/hostname"), "guest\n");
    // Kernel and programs are Debian's, those of the machine that builds this.
    copyFileSync("/etc/os-release", join(root, "etc/os-release"));
    copyFileSync("/etc/mke2fs.conf", join(root, "etc/mke2fs.conf"));
    writeFileSync(join(root, "init"), init);
    chmodSync(join(root, "init"), 0o755);
    const archive = execFileSync(
      "sh",
      ["-c", "find . | cpio -o -H newc --quiet | zstd -3 -T2 -q"],
      {
        cwd: root,
        maxBuffer: 512 * 1024 * 1024,
      },
    );
    writeFileSync(file, archive);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function installBusybox(root: string): void {
  copyFileSync(findProgram("busybox"), join(root, "bin/busybox"));
  chmodSync(join(root, "bin/busybox"), 0o755);
  const applets = execFileSync("busybox", ["--list"], { encoding: "utf8" }).split("\n");
  for (const applet of applets) {
    // busybox linked onto itself would end init with ELOOP; lsblk and lscpu come from util-linux.
    if (applet === "" || applet === "busybox" || applet === "lsblk" || applet === "lscpu") continue;
    symlinkSync("busybox", join(root, "bin", applet));
  }
}

function installProgram(root: string, program: string, name: string): void {
  const target = join(root, "usr/bin", name);
  copyFileSync(program, target);
  chmodSync(target, 0o755);
  for (const [, library] of execFileSync("ldd", [program], { encoding: "utf8" }).matchAll(
    /(\/\S+) \(0x/g,
  )) {
    if (library === undefined || existsSync(join(root, library))) continue;
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(realpathSync(library), join(root, library));
  }
}

function installModules(root: string, kernel: DebianKernel): void {
  const from = join(kernel.root, "lib/modules", kernel.version);
  const to = join(root, "lib/modules", kernel.version);
  mkdirSync(to, { recursive: true });
  const lines = readFileSync(join(from, "modules.dep"), "utf8").split("\n");
  for (const name of modules) {
    const line = lines.find((text) => text.includes(`/${name}.ko:`));
    if (line === undefined) continue;
    for (const path of line.replace(":", "").split(" ")) {
      if (path === "") continue;
      mkdirSync(join(to, dirname(path)), { recursive: true });
      copyFileSync(join(from, path), join(to, path));
    }
  }
  for (const name of ["modules.order", "modules.builtin", "modules.builtin.modinfo"])
    copyFileSync(join(from, name), join(to, name));
  execFileSync(findProgram("depmod"), ["-b", root, kernel.version]);
}

/**
 * One file, as a package would ship it: stripping types from two hundred takes an emulated processor
 * 15 s. The child that asks systeminformation stays beside it, where the agent looks for it.
 */
function installAgent(root: string): void {
  const home = join(root, "agent-home");
  bundle(join(repository, "agent/main.ts"), join(home, "agent/hardware/main.mjs"));
  writeFileSync(join(home, "package.json"), '{ "type": "module" }\n');
  for (const name of ["system-information-child.ts", "hardware-source.ts"])
    copyFileSync(join(repository, "agent/hardware", name), join(home, "agent/hardware", name));
  cpSync(
    join(repository, "node_modules/systeminformation"),
    join(home, "node_modules/systeminformation"),
    { recursive: true, dereference: true },
  );
}

function bundle(entry: string, outfile: string): void {
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    // Packages in CommonJS ask for Node's own by require.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}

function findProgram(name: string): string {
  for (const folder of ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
  }
  throw new Error(`${name} is not installed: run \`npm run setup:real\``);
}
