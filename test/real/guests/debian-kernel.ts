import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A Debian kernel unpacked into a folder: nothing is installed on this machine. */
export interface DebianKernel {
  readonly version: string;
  readonly image: string;
  /** Holds lib/modules/VERSION with modules.dep made. */
  readonly root: string;
}

/**
 * Downloads and unpacks the kernel that `linux-image-amd64` names (the full one: the cloud kernel has
 * no IPMI, AHCI or hwmon). Kept in `cacheFolder`, 300 MiB unpacked.
 */
export function fetchDebianKernel(cacheFolder: string): DebianKernel {
  const packageName = /Depends: (linux-image-\S+)/.exec(
    run("apt-cache", ["depends", "linux-image-amd64"]),
  )?.[1];
  if (packageName === undefined)
    throw new Error(
      "apt-cache does not know linux-image-amd64: run `apt-get update` and `npm run setup:real`",
    );
  const version = packageName.replace("linux-image-", "");
  const root = join(cacheFolder, packageName);
  if (!existsSync(root)) {
    const unfinished = `${root}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    run("apt-get", ["download", "-qq", packageName], unfinished);
    const archive = readdirSync(unfinished).find((name) => name.endsWith(".deb"));
    if (archive === undefined)
      throw new Error(`apt-get download brought no package ${packageName}`);
    run("dpkg", ["-x", join(unfinished, archive), unfinished]);
    rmSync(join(unfinished, archive));
    run("depmod", ["-b", unfinished, version]);
    keepOnce(unfinished, root);
  }
  return { version, image: join(root, "boot", `vmlinuz-${version}`), root };
}

/** Two files may fetch it at the same time: the first one stays, the other is the same. */
function keepOnce(unfinished: string, root: string): void {
  try {
    renameSync(unfinished, root);
  } catch (error) {
    if (!existsSync(root)) throw error;
    rmSync(unfinished, { recursive: true });
  }
}

function run(program: string, args: readonly string[], cwd?: string): string {
  return execFileSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ["ignore", "pipe", "inherit"],
  });
}
