import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { childrenOf, until } from "#test/support/programs.ts";

/** A booted Debian in a container: its own systemd, files that are gone afterwards, our loopback. */
export interface Container {
  /** By the container's own kernel file: another one after each boot. */
  bootId(): Promise<string>;
  /** Runs a program inside, as root; never throws for an exit code. */
  run(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The same, and throws with everything that was said when it does not end with 0. */
  must(argv: readonly string[], options?: RunOptions): Promise<string>;
  stop(): Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Made by test/real/setup.sh. */
export const containerRoot = "/var/cache/wws-fleet/container-root";

export interface ContainerOptions {
  /** A folder of ours that is seen, and written, inside as /shared. */
  readonly shared?: string;
}

/**
 * `folder` is seen inside as /packages. What is written inside outlives a reboot of the container,
 * and goes with it.
 */
export async function bootContainer(
  folder: string,
  { shared }: ContainerOptions = {},
): Promise<Container> {
  if (process.getuid?.() !== 0) throw new Error("only root can boot a container");
  if (!existsSync(`${containerRoot}/usr/lib/systemd/systemd`)) {
    throw new Error(`${containerRoot} is not there: run \`npm run setup:real\` as root`);
  }
  const nspawn = [
    "systemd-nspawn",
    "--boot",
    "--quiet",
    // PID 1 of this machine may be something else than systemd.
    "--register=no",
    "--keep-unit",
    "--console=pipe",
    "--link-journal=no",
    `--machine=wws-test-${process.pid}`,
    `--bind-ro=${folder}:/packages`,
    ...(shared === undefined ? [] : [`--bind=${shared}:/shared`]),
    "--directory=/mnt/root",
  ];
  // A test that is killed leaves no container behind: all of it is in one PID namespace.
  const alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"];
  const keeper = spawn(
    "setpriv",
    ["--pdeathsig=KILL", ...alone, "sh", "-ec", keepScript, "sh", ...nspawn],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [keeper.stdout, keeper.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-4_000);
    });
  }
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    keeper.once("error", (error) => {
      said += String(error);
      hasEnded = true;
      resolve();
    });
    keeper.once("close", () => {
      hasEnded = true;
      resolve();
    });
  });
  const findLeader = (): number | undefined => {
    const [shell] = childrenOf(keeper.pid ?? -1);
    const [program] = childrenOf(shell?.pid ?? -1);
    // Before it there is a child that only prepares.
    return childrenOf(program?.pid ?? -1).find(({ command }) => /\/systemd(?: |$)/.test(command))
      ?.pid;
  };
  await until("the container starts", () => {
    if (hasEnded) throw new Error(`systemd-nspawn: ${said}`);
    return findLeader();
  });
  const run: Container["run"] = async (argv, options = {}) => {
    const leader = findLeader();
    if (leader === undefined) return { code: -1, stdout: "", stderr: "the container is down" };
    return enter(leader, argv, options);
  };
  const container: Container = {
    run,
    bootId: async () => (await container.must(["cat", "/proc/sys/kernel/random/boot_id"])).trim(),
    async must(argv, options) {
      const { code, stdout, stderr } = await run(argv, options);
      if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${stdout}${stderr}`);
      return stdout;
    },
    async stop() {
      // The keeper takes systemd-nspawn and its container with it.
      keeper.kill("SIGKILL");
      await ended;
    },
  };
  try {
    await until("systemd is up", async () => {
      const { stdout } = await run(["systemctl", "is-system-running"]);
      return /^(?:running|degraded)/.test(stdout) ? true : undefined;
    });
  } catch (cause) {
    await container.stop();
    throw new Error(`the container does not boot: ${said}`, { cause });
  }
  return container;
}

/**
 * A root of its own over the one of setup.sh, in memory and in a mount namespace that ends with this;
 * systemd-nspawn says by 133 that the container wants to be booted again.
 */
const keepScript = `
mount -t tmpfs -o size=1g tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=${containerRoot},upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
while :; do
  code=0
  "$@" || code=$?
  [ "$code" = 133 ] || exit "$code"
done`;

function enter(leader: number, argv: readonly string[], options: RunOptions): Promise<Ran> {
  const environment = Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const fixed = [
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL=C",
    "DEBIAN_FRONTEND=noninteractive",
  ];
  const args = [
    "-t",
    String(leader),
    "-m",
    "-u",
    "-i",
    "-n",
    "-p",
    "-C",
    "--",
    "/usr/bin/env",
    "-i",
  ];
  return new Promise((resolve) => {
    const child = execFile(
      "nsenter",
      [...args, ...fixed, ...environment, ...argv],
      { maxBuffer: 8 * 1024 * 1024, timeout: 60_000 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
    // Most programs do not read what is said to them.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input ?? "");
  });
}
