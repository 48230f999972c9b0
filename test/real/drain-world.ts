import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "#fleet/api/host-schemas.ts";
import type { Bench, ProgramEnd } from "#test/support/programs.ts";
import { until } from "#test/support/programs.ts";
import { environmentOf, type RunningManager, startServe } from "#test/support/running-manager.ts";
import { bundleProgram } from "#test/tooling/package-bundle.ts";
import { bootContainer, type Container } from "./package-container.ts";
import { handsSettings, tenantUnits } from "./tenant-units.ts";

/** A manager out here, and the packaged agent in a booted container with tenants' units. */
export interface DrainWorld {
  readonly container: Container;
  /** Seen inside as /shared. */
  readonly shared: string;
  fleet(...args: string[]): Promise<ProgramEnd>;
  /** The same, and throws with everything that was said when it does not end with 0. */
  done(...args: string[]): Promise<ProgramEnd>;
  host(): Promise<Host>;
  manager(): RunningManager;
  /** kill -9, and another in its place on the same data. */
  killManager(): Promise<void>;
  install(version: string): Promise<void>;
  write(path: string, text: string, mode?: string): Promise<void>;
  /** How often it has beaten, by its file as it is out here. */
  beats(unit: string): number;
  awaitBeating(...units: string[]): Promise<void>;
  /** None of them has beaten for a second. */
  areSilent(...units: string[]): Promise<boolean>;
  isActive(unit: string): Promise<boolean>;
  awaitBoot(after: string): Promise<string>;
  /** Container and manager end; what they wrote goes with them, or with the bench. */
  stop(): Promise<void>;
}

export const hostName = "boxed";
const architecture = process.arch === "arm64" ? "arm64" : "amd64";

/** The agent's packages of these versions, in a folder of the bench. */
export async function packAgents(bench: Bench, versions: readonly string[]): Promise<string> {
  const packages = bench.folder();
  for (const version of versions) {
    const args = ["--arch", architecture, "--out", packages, "--version", version];
    const { code, stderr } = await bench.run("test/tooling/package.ts", args);
    if (code !== 0) throw new Error(`npm run package: ${stderr}`);
  }
  return packages;
}

/** `version` is what is installed, of those in `packages`. */
export async function startDrainWorld(
  bench: Bench,
  packages: string,
  version: string,
): Promise<DrainWorld> {
  const shared = join(bench.folder(), "shared");
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  const place = { data: join(bench.folder(), "data"), port: await bench.freePort() };
  let manager = await startServe(bench, place);
  const container = await bootContainer(packages, { shared });
  const fleet: DrainWorld["fleet"] = (...args) =>
    bench.run("fleet/main.ts", args, environmentOf(place));
  const write: DrainWorld["write"] = async (path, text, mode = "644") => {
    const script = 'mkdir -p "$(dirname "$1")"; cat > "$1"; chmod "$2" "$1"';
    await container.must(["sh", "-c", script, "sh", path, mode], { input: text });
  };
  const beats: DrainWorld["beats"] = (unit) => {
    try {
      return statSync(join(shared, unit)).size;
    } catch {
      return 0;
    }
  };
  const done: DrainWorld["done"] = async (...args) => {
    const end = await fleet(...args);
    if (end.code === 0) return end;
    const { stdout } = await container.run(["journalctl", "-b", "--no-pager", "-n", "60"]);
    throw new Error(`${args.join(" ")}: ${end.code}\n${end.stdout}${end.stderr}\n${stdout}`);
  };
  const world: DrainWorld = {
    container,
    shared,
    fleet,
    done,
    host: () => manager.client.host(hostName),
    manager: () => manager,
    async killManager() {
      manager.program.kill("SIGKILL");
      await manager.program.exited;
      manager = await startServe(bench, place);
    },
    async install(version) {
      const file = `/packages/wws-agent_${version}_${architecture}.deb`;
      await container.must(["dpkg", "--install", file]);
    },
    write,
    beats,
    async awaitBeating(...units) {
      for (const unit of units) {
        const before = beats(unit);
        await until(`${unit} beats`, () => (beats(unit) > before ? true : undefined), 30_000);
      }
    },
    async areSilent(...units) {
      const count = () => units.map(beats).join(" ");
      const before = count();
      const endMs = performance.now() + 1_000;
      await until("a second passes", () => (performance.now() >= endMs ? true : undefined));
      return count() === before;
    },
    async isActive(unit) {
      return (await container.run(["systemctl", "is-active", unit])).stdout === "active\n";
    },
    async awaitBoot(after) {
      return until("the container is up again", async () => {
        const { stdout } = await container.run(["systemctl", "is-system-running"]);
        const id = await container.bootId();
        return /^(?:running|degraded)/.test(stdout) && id !== after ? id : undefined;
      });
    },
    async stop() {
      await container.stop();
      manager.program.kill("SIGKILL");
      await manager.program.exited;
    },
  };
  try {
    await settle(world, `127.0.0.1:${place.port + 1}`, version);
  } catch (error) {
    await world.stop();
    throw error;
  }
  return world;
}

/** Units, settings, the agent, and the host in its fleet: active, and managed. */
async function settle(world: DrainWorld, address: string, version: string): Promise<void> {
  const { container, done, install, write } = world;
  for (const [name, text] of Object.entries(tenantUnits)) {
    await write(`/etc/systemd/system/${name}`, text);
  }
  await container.must(["systemctl", "daemon-reload"]);
  // systemd-nspawn lays a boot id of the container's own over the kernel's file; the agent's
  // unit has a /proc of its own with the kernel's, which no reboot of a container changes.
  const bootId = "/proc/sys/kernel/random/boot_id";
  await write("/etc/tmpfiles.d/boot-id.conf", `C /run/boot-id 0444 root root - ${bootId}\n`);
  await container.must(["systemd-tmpfiles", "--create", "boot-id.conf"]);
  await write(
    "/etc/systemd/system/wws-agent.service.d/boot-id.conf",
    `[Service]\nBindReadOnlyPaths=/run/boot-id:${bootId}\n`,
  );
  await install(version);
  await write("/etc/wws-fleet/agent.toml", handsSettings());
  const { stdout: token } = await done("enroll", "adopt", "--host", hostName, "--output", "name");
  const enroll = ["wws-agent", "enroll", "--manager", address];
  await container.must(enroll, { env: { WWS_JOIN_TOKEN: token.trim() } });
  await container.must(["systemctl", "restart", "wws-agent.service"]);
  await until("the host is connected", async () =>
    (await world.host()).link.state === "connected" ? true : undefined,
  );
  await done("host", "manage", hostName, "--reason", "it is ours");
}

/** One process of agent or helper dies at the fail point that `failAt` names next. */
export async function armFailPoints({ container, shared, write }: DrainWorld): Promise<void> {
  const flags = readFlags(await container.must(["cat", "/usr/lib/wws-agent/launch"]));
  for (const [entry, file, format] of [
    ["test/support/agent-with-fail-point.ts", "agent-fails.mjs", "esm"],
    ["test/support/hands-with-fail-point.ts", "hands-fails.mjs", "esm"],
  ] as const) {
    const { bytes } = await bundleProgram({ entry, file, format }, "0.1.0");
    writeFileSync(join(shared, file), bytes);
  }
  const node = "/usr/lib/wws-agent/node";
  await write(
    "/etc/systemd/system/wws-agent.service.d/fails.conf",
    `[Service]
ExecStart=
ExecStart=${node} ${flags} /shared/agent-fails.mjs run
Environment=WWS_TEST_FAIL_FILE=/var/lib/wws-agent/fail-at
RestartSec=100ms
`,
  );
  await write(
    "/etc/systemd/system/wws-hands@.service.d/fails.conf",
    `[Service]
ExecStart=
ExecStart=${node} --jitless /shared/hands-fails.mjs --unit %n
`,
  );
  await container.must(["systemctl", "daemon-reload"]);
  await container.must(["systemctl", "restart", "wws-agent.service"]);
}

function readFlags(launch: string): string {
  const flags = /^exec \S+ (.*) \S+ "\$@"$/m.exec(launch)?.[1];
  if (flags === undefined) throw new Error(`launch names no flags:\n${launch}`);
  return flags;
}

export function readShared({ shared }: DrainWorld, name: string): string {
  try {
    return readFileSync(join(shared, name), "utf8");
  } catch {
    return "";
  }
}
