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
import type { DebianKernel } from "./debian-kernel.ts";

const repository = join(import.meta.dirname, "../../..");

/** Programs that the agent asks in a guest; each comes with the shared libraries that ldd names. */
const tools = ["ipmitool", "smartctl", "nvme", "lsblk", "lscpu", "dmidecode"] as const;

const modules = [
  "virtio_pci",
  "virtio_blk",
  "virtio_net",
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

/** npm packages of the agent's run-time tree. */
function agentPackages(): readonly string[] {
  const listing = execFileSync(
    "npm",
    ["ls", "--all", "--parseable", "ws", "protobufjs", "pino", "systeminformation"],
    { cwd: repository, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const wanted = new Set<string>();
  const add = (name: string): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    const facts = JSON.parse(
      readFileSync(join(repository, "node_modules", name, "package.json"), "utf8"),
    ) as { dependencies?: Record<string, string> };
    for (const dependency of Object.keys(facts.dependencies ?? {})) add(dependency);
  };
  for (const name of ["ws", "protobufjs", "pino", "systeminformation"]) add(name);
  if (listing === "") throw new Error("npm ls found no packages: run `npm ci` first");
  return [...wanted];
}

/**
 * An initramfs that holds busybox, the modules above, Node, the tools and the agent as it stands in
 * this checkout (Node 24 runs its TypeScript as written). `init` is a shell script.
 * Written to `file`, zstd-compressed, about 45 MiB.
 */
export function buildInitramfs(kernel: DebianKernel, init: string, file: string): void {
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
    writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
    writeFileSync(join(root, "etc/hostname"), "guest\n");
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

function installAgent(root: string): void {
  const home = join(root, "agent-home");
  mkdirSync(join(home, "node_modules"), { recursive: true });
  copyFileSync(join(repository, "package.json"), join(home, "package.json"));
  for (const folder of ["agent", "proto"])
    cpSync(join(repository, folder), join(home, folder), {
      recursive: true,
      filter: (path) => !path.endsWith(".test.ts"),
    });
  for (const name of agentPackages())
    cpSync(join(repository, "node_modules", name), join(home, "node_modules", name), {
      recursive: true,
      dereference: true,
    });
}

function findProgram(name: string): string {
  for (const folder of ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
  }
  throw new Error(`${name} is not installed: run \`npm run setup:real\``);
}
