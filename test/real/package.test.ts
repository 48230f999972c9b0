import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Host } from "#fleet/api/host-schemas.ts";
import { createBench, until } from "#test/support/programs.ts";
import { type RunningManager, startServe } from "#test/support/running-manager.ts";
import { bootContainer, type Container } from "./package-container.ts";

/**
 * The .deb in a Debian of its own, under its own units, with a manager outside. One container for
 * all: the tests are the life of one host, in order.
 */
const bench = createBench("all");
const older = "0.1.0~test1";
const newer = "0.1.0~test2";
const architecture = process.arch === "arm64" ? "arm64" : "amd64";
const units = ["wws-agent.service", "wws-looker.service", "wws-hands@.service"];
const user = "wws-agent";

let container: Container;
let manager: RunningManager;
let managerAddress: string;
let hostId = "";

beforeAll(async () => {
  const packages = bench.folder();
  for (const version of [older, newer]) {
    const args = ["--arch", architecture, "--out", packages, "--version", version];
    const { code, stderr } = await bench.run("test/tooling/package.ts", args);
    if (code !== 0) throw new Error(`npm run package: ${stderr}`);
  }
  expect(readdirSync(packages).filter((name) => name.endsWith(".deb"))).toHaveLength(2);
  const place = { data: join(bench.folder(), "data"), port: await bench.freePort() };
  [container, manager] = await Promise.all([bootContainer(packages), startServe(bench, place)]);
  managerAddress = `127.0.0.1:${place.port + 1}`;
});

afterAll(async () => container?.stop());

const install = (version: string): Promise<string> =>
  container.must(["dpkg", "--install", `/packages/wws-agent_${version}_${architecture}.deb`]);

async function show(unit: string, property: string): Promise<string> {
  const text = await container.must(["systemctl", "show", "--value", "-p", property, unit]);
  return text.trim();
}

const host = (): Promise<Host> => manager.client.host(hostId);

/** A report that arrived after `sinceMs`. */
async function reportAfter(sinceMs: number, withinMs: number): Promise<Host> {
  return until(
    "the host reports",
    async () => {
      const found = await host();
      return (found.lastReportAt ?? 0) > sinceMs ? found : undefined;
    },
    withinMs,
  ).catch(async (cause: unknown) => {
    const { stdout } = await container.run(["journalctl", "-b", "--no-pager", "-n", "40"]);
    throw new Error(`${String(cause)}\n${stdout}`, { cause });
  });
}

async function writeInside(path: string, content: string): Promise<void> {
  await container.must(["sh", "-c", 'mkdir -p "$(dirname "$1")"; cat > "$1"', "sh", path], {
    input: content,
  });
}

/** One question to the looker, asked inside by a program of `asUser`. */
async function askLooker(question: unknown, asUser: string): Promise<Record<string, unknown>> {
  const argv = ["setpriv", `--reuid=${asUser}`, "--regid", asUser === user ? user : "nogroup"];
  const node = "/usr/lib/wws-agent/node";
  const program = `
    const socket = require("node:net").connect("/run/wws-agent/looker.sock");
    let bytes = Buffer.alloc(0);
    socket.on("error", (error) => console.log(JSON.stringify({ error: error.code })));
    socket.on("data", (piece) => { bytes = Buffer.concat([bytes, piece]); });
    socket.on("end", () => console.log(bytes.subarray(4).toString("utf8")));
    socket.on("connect", () => {
      const body = Buffer.from(process.argv[1]);
      const head = Buffer.alloc(4);
      head.writeUInt32BE(body.length);
      socket.write(Buffer.concat([head, body]));
    });`;
  const text = await container.must([
    ...argv,
    "--clear-groups",
    node,
    "-e",
    program,
    JSON.stringify(question),
  ]);
  return JSON.parse(text) as Record<string, unknown>;
}

test("installed without a manager it waits, and says for what", async () => {
  // As lldpd would have made it.
  await container.must(["groupadd", "--system", "_lldpd"]);
  await install(older);
  const text = await until("the service says what it waits for", async () => {
    const said = await show("wws-agent.service", "StatusText");
    return said === "" ? undefined : said;
  });
  expect(text).toMatch(/^waits: this host is in no fleet; wws-agent enroll/);
  expect(await show("wws-agent.service", "ActiveState")).toBe("active");
  expect(await show("wws-agent.service", "NRestarts")).toBe("0");
  const pid = await show("wws-agent.service", "MainPID");
  expect(await container.must(["stat", "-c", "%U", `/proc/${pid}`])).toBe(`${user}\n`);
  expect(await container.must(["id", "-nG", user])).toBe(`${user} _lldpd\n`);
});

test("enrolled as root beside the running service, it goes on by itself", async () => {
  // A program that only root's eyes help, to see who runs it and with which arguments.
  await writeInside(
    "/usr/sbin/smartctl",
    '#!/bin/sh\nprintf \'{"uid": %s, "args": "%s"}\' "$(id -u)" "$*"\n',
  );
  await container.must(["chmod", "755", "/usr/sbin/smartctl"]);
  const { token } = await manager.client.createToken({ kind: "host", hostName: "boxed" }, "boxed");
  const sinceMs = Date.now();
  const said = await container.must(["wws-agent", "enroll", "--manager", managerAddress], {
    env: { WWS_JOIN_TOKEN: token },
  });
  hostId = said.split(" ")[0] ?? "";
  const { name } = await reportAfter(sinceMs, 30_000);
  expect(name).toBe("boxed");
  const journal = await container.must(["stat", "-c", "%U %a", "/var/lib/wws-agent/journal.json"]);
  expect(journal).toBe(`${user} 600\n`);
});

test("it reports within ten seconds of its start", async () => {
  // Stopped first: an agent that ends sends what it has, and that is no report of the next one.
  await container.must(["systemctl", "stop", "wws-agent.service"]);
  const sinceMs = Date.now();
  await container.must(["systemctl", "start", "wws-agent.service"]);
  const { agentRelease } = await reportAfter(sinceMs, 10_000);
  expect(agentRelease).toBe(older);
});

test("the looker does what is on its list, as root, for the agent's user alone", async () => {
  const run = { kind: "run", tool: "smartctl", timeoutMs: 5_000 };
  expect(await askLooker({ ...run, args: ["--scan-open", "--json"] }, user)).toEqual({
    ok: true,
    value: { exitCode: 0, stdout: '{"uid": 0, "args": "--scan-open --json"}', stderr: "" },
  });
  expect(await askLooker({ kind: "ask", call: "osInfo" }, user)).toMatchObject({
    ok: true,
    value: { distro: expect.stringContaining("Debian") },
  });
  expect(await askLooker({ ...run, args: ["--scan-open"] }, "nobody")).toEqual({ error: "EACCES" });
  for (const refused of [
    { ...run, args: ["-s", "off", "/dev/sda"] },
    { ...run, args: ["-x", "--json", "-n", "standby", "/dev/../etc/shadow"] },
    { ...run, tool: "sh", args: ["-c", "id"] },
    { ...run, tool: "ipmitool", args: ["chassis", "power", "off"] },
    { ...run, tool: "dmidecode", args: ["--dump-bin", "/etc/passwd"] },
  ]) {
    expect(await askLooker(refused, user)).toMatchObject({
      ok: false,
      problem: { kind: "refused" },
    });
  }
  for (const path of ["/etc/shadow", "/proc/1/environ", "/dev/mem", "/proc/self/root/etc/shadow"]) {
    expect(await askLooker({ kind: "read", path }, user)).toMatchObject({
      ok: false,
      problem: { kind: "denied" },
    });
  }
});

test.each(units)("%s is exposed to 2.5 at most, by systemd's own judgement", async (unit) => {
  const path = `/lib/systemd/system/${unit}`;
  const { stdout, stderr } = await container.run([
    "systemd-analyze",
    "security",
    "--offline=true",
    "--no-pager",
    path,
  ]);
  const level = /exposure level for \S+: ([0-9.]+)/.exec(stdout + stderr)?.[1];
  expect(Number(level), stdout).toBeLessThanOrEqual(2.5);
});

test("a loop that hangs is brought back by the watchdog", async () => {
  // The unit's three minutes are too long to watch; what is sent is a third of what is set.
  await writeInside(
    "/etc/systemd/system/wws-agent.service.d/watchdog.conf",
    "[Service]\nWatchdogSec=6s\n",
  );
  await container.must(["systemctl", "daemon-reload"]);
  await container.must(["systemctl", "restart", "wws-agent.service"]);
  await reportAfter(Date.now(), 15_000);
  const pid = await show("wws-agent.service", "MainPID");
  // More than its time: while the loop goes round, nobody ends it.
  await reportAfter(Date.now() + 6_500, 25_000);
  expect(await show("wws-agent.service", "MainPID")).toBe(pid);
  const sinceMs = Date.now();
  await container.must(["systemctl", "kill", "-s", "STOP", "--kill-who=main", "wws-agent.service"]);
  await until(
    "another process has taken its place",
    async () => {
      const now = await show("wws-agent.service", "MainPID");
      return now !== pid && now !== "0" ? true : undefined;
    },
    30_000,
  );
  await reportAfter(sinceMs + 6_000, 20_000);
  expect(
    await container.must(["journalctl", "-b", "--no-pager", "-u", "wws-agent.service"]),
  ).toContain("Watchdog timeout");
  await container.must(["rm", "-r", "/etc/systemd/system/wws-agent.service.d"]);
  await container.must(["systemctl", "daemon-reload"]);
});

test("an upgrade and a downgrade keep the host and its settings", async () => {
  const settings = 'log_level = "debug"\n';
  await writeInside("/etc/wws-fleet/agent.toml", settings);
  for (const version of [newer, older]) {
    const sinceMs = Date.now();
    await install(version);
    const found = await until("the other release reports", async () => {
      const reported = await reportAfter(sinceMs, 20_000);
      return reported.agentRelease === version ? reported : undefined;
    });
    expect(found.name).toBe("boxed");
    expect(await container.must(["cat", "/etc/wws-fleet/agent.toml"])).toBe(settings);
  }
  expect((await manager.client.hosts({})).items).toHaveLength(1);
});

test("in one piece as root it runs by a drop-in, and goes back when that goes", async () => {
  const dropIn = "/etc/systemd/system/wws-agent.service.d/root.conf";
  const capabilities = "CAP_SYS_RAWIO CAP_SYS_ADMIN CAP_DAC_READ_SEARCH";
  await writeInside(
    dropIn,
    `[Service]\nUser=root\nGroup=root\nCapabilityBoundingSet=${capabilities}\nPrivateDevices=no\n`,
  );
  for (const owner of ["root", user]) {
    if (owner === user) await container.must(["rm", dropIn]);
    await container.must(["systemctl", "daemon-reload"]);
    await container.must(["systemctl", "stop", "wws-agent.service"]);
    const sinceMs = Date.now();
    await container.must(["systemctl", "start", "wws-agent.service"]);
    await reportAfter(sinceMs, 15_000);
    const journal = await container.must(["stat", "-c", "%U", "/var/lib/wws-agent/journal.json"]);
    expect(journal).toBe(`${owner}\n`);
  }
});

test("turned away for good, it stays down until a person helps", async () => {
  await manager.client.removeHost(hostId, "the test is nearly over");
  await until("the service has ended", async () => {
    const state = await show("wws-agent.service", "ActiveState");
    return state === "failed" ? true : undefined;
  });
  expect(await show("wws-agent.service", "ExecMainStatus")).toBe("4");
});

test("removed it leaves the host's identity, purged it leaves nothing", async () => {
  await container.must(["dpkg", "--remove", "wws-agent"]);
  await container.must(["test", "-f", "/var/lib/wws-agent/journal.json"]);
  await container.must(["test", "-f", "/etc/wws-fleet/agent.toml"]);
  expect((await container.run(["test", "-e", "/usr/lib/wws-agent"])).code).toBe(1);
  for (const socket of ["wws-looker.socket", "wws-hands.socket"]) {
    expect((await container.run(["systemctl", "is-active", socket])).code, socket).not.toBe(0);
  }
  await container.must(["dpkg", "--purge", "wws-agent"]);
  for (const path of [
    "/var/lib/wws-agent",
    "/var/lib/wws-hands",
    "/etc/wws-fleet",
    "/run/wws-agent",
  ]) {
    expect((await container.run(["test", "-e", path])).code, path).toBe(1);
  }
});

test("the tarball installs itself, and waits as the package does", async () => {
  const name = `wws-agent_${older}_${architecture}.tar.gz`;
  await container.must(["tar", "-xzf", `/packages/${name}`, "-C", "/opt"]);
  await container.must([`/opt/wws-agent-${older}/install.sh`]);
  expect(await container.must(["wws-agent", "--version"])).toBe(`${older}\n`);
  expect(await show("wws-agent.service", "StatusText")).toMatch(/^waits:/);
  await container.must([`/opt/wws-agent-${older}/install.sh`, "--remove"]);
  expect((await container.run(["systemctl", "is-active", "wws-agent.service"])).code).not.toBe(0);
});
