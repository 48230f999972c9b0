import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { childrenOf, until } from "#test/support/programs.ts";

/** A booted Debian in a container: its own systemd, files that are gone afterwards, our loopback. */
export interface Container {
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

/** `folder` is seen inside as /packages. */
export async function bootContainer(folder: string): Promise<Container> {
  if (process.getuid?.() !== 0) throw new Error("only root can boot a container");
  if (!existsSync(`${containerRoot}/usr/lib/systemd/systemd`)) {
    throw new Error(`${containerRoot} is not there: run \`npm run setup:real\` as root`);
  }
  const nspawn = spawn(
    "setpriv",
    [
      // A test that is killed leaves no container behind.
      "--pdeathsig=KILL",
      "systemd-nspawn",
      "--boot",
      "--quiet",
      // PID 1 of this machine may be something else than systemd.
      "--register=no",
      "--keep-unit",
      "--volatile=overlay",
      "--console=pipe",
      "--link-journal=no",
      `--machine=wws-test-${process.pid}`,
      `--bind-ro=${folder}:/packages`,
      `--directory=${containerRoot}`,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [nspawn.stdout, nspawn.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-4_000);
    });
  }
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    nspawn.once("error", (error) => {
      said += String(error);
      hasEnded = true;
      resolve();
    });
    nspawn.once("close", () => {
      hasEnded = true;
      resolve();
    });
  });
  const leader = await until("the container starts", () => {
    if (hasEnded) throw new Error(`systemd-nspawn: ${said}`);
    // Before it there is a child that only prepares.
    return childrenOf(nspawn.pid ?? -1).find(({ command }) => /\/systemd(?: |$)/.test(command))
      ?.pid;
  });
  const run: Container["run"] = (argv, options = {}) => enter(leader, argv, options);
  const container: Container = {
    run,
    async must(argv, options) {
      const { code, stdout, stderr } = await run(argv, options);
      if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${stdout}${stderr}`);
      return stdout;
    },
    async stop() {
      // The first process of a PID namespace takes all others with it.
      if (!hasEnded) process.kill(leader, "SIGKILL");
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
