import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "./places.ts";

const folder = join(repositoryRoot, "agent/packaging");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

/** Section → key → values, in order; throws where a line is none of systemd.syntax(7). */
function parseUnit(text: string): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const sections = new Map<string, Map<string, string[]>>();
  let section: Map<string, string[]> | undefined;
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const head = /^\[([A-Z][a-z]+)\]$/.exec(line)?.[1];
    if (head !== undefined) {
      section = new Map();
      sections.set(head, section);
      continue;
    }
    const [, key, value] = /^([A-Z][A-Za-z]+)=(.*\S|)$/.exec(line) ?? [];
    if (key === undefined || value === undefined || section === undefined)
      throw new Error(`not a line of a unit: ${line}`);
    section.set(key, [...(section.get(key) ?? []), value]);
  }
  return sections;
}

const agent = parseUnit(read("wws-agent.service")).get("Service");
const looker = parseUnit(read("wws-looker.service")).get("Service");
const socket = parseUnit(read("wws-looker.socket")).get("Socket");
const hands = parseUnit(read("wws-hands@.service")).get("Service");
const handsDoor = parseUnit(read("wws-hands.socket")).get("Socket");

test("each unit reads, and no setting stands twice that must stand once", () => {
  const many = new Set(["DeviceAllow", "SystemCallFilter"]);
  for (const name of readdirSync(folder).filter((file) => /\.(?:service|socket)$/.test(file))) {
    for (const [section, settings] of parseUnit(read(name))) {
      for (const [key, values] of settings)
        expect(values.length === 1 || many.has(key), `${name} [${section}] ${key}`).toBe(true);
    }
  }
});

test("the network part has a user of its own and no capability", () => {
  expect(agent?.get("User")).toEqual(["wws-agent"]);
  expect(agent?.get("CapabilityBoundingSet")).toEqual([""]);
  expect(agent?.get("NoNewPrivileges")).toEqual(["yes"]);
  expect(agent?.get("LimitCORE")).toEqual(["0"]);
});

test("what it says of file systems is the host's, not its sandbox's", () => {
  expect(agent?.get("ProtectHome")).toEqual(["read-only"]);
  expect(agent?.has("PrivateTmp")).toBe(false);
});

test("it is ready by its own word, watched for three minutes, and stays down when turned away", () => {
  expect(agent?.get("Type")).toEqual(["notify"]);
  expect(agent?.get("NotifyAccess")).toEqual(["all"]);
  expect(agent?.get("WatchdogSec")).toEqual(["3min"]);
  expect(agent?.get("Restart")).toEqual(["always"]);
  expect(agent?.get("RestartPreventExitStatus")).toEqual(["4"]);
});

test("the looker has no network, no more than three capabilities, and nothing to write but energy's modes", () => {
  expect(looker?.get("PrivateNetwork")).toEqual(["yes"]);
  expect(looker?.get("RestrictAddressFamilies")).toEqual(["AF_UNIX"]);
  expect(looker?.get("CapabilityBoundingSet")).toEqual(["CAP_SYS_RAWIO CAP_SYS_ADMIN CAP_MKNOD"]);
  expect(looker?.get("ReadWritePaths")).toEqual(["-/sys/devices/virtual/powercap"]);
  expect(looker?.get("ProtectSystem")).toEqual(["strict"]);
});

test("the looker's door is for the agent's group alone", () => {
  expect(socket?.get("ListenStream")).toEqual(["/run/wws-agent/looker.sock"]);
  expect(socket?.get("SocketMode")).toEqual(["0660"]);
  expect(socket?.get("SocketGroup")).toEqual(["wws-agent"]);
  expect(read("tmpfiles.conf")).toBe("d /run/wws-agent 0750 root wws-agent -\n");
  // Both sides name the same path.
  const machine = readFileSync(join(repositoryRoot, "agent/program/open-source.ts"), "utf8");
  expect(machine).toContain('"/run/wws-agent/looker.sock"');
});

test("root's acting helper has no network, three capabilities, and nothing to write but bars and its memory", () => {
  expect(hands?.get("PrivateNetwork")).toEqual(["yes"]);
  expect(hands?.get("RestrictAddressFamilies")).toEqual(["AF_UNIX"]);
  expect(hands?.get("CapabilityBoundingSet")).toEqual(["CAP_SYS_ADMIN CAP_KILL CAP_SYS_BOOT"]);
  expect(hands?.get("ProtectSystem")).toEqual(["strict"]);
  expect(hands?.get("ReadWritePaths")).toEqual(["/etc/systemd/system"]);
  expect(hands?.get("StateDirectory")).toEqual(["wws-hands"]);
});

test("its door is for the agent's user alone, a process a question, named after who asked", () => {
  expect(handsDoor?.get("SocketUser")).toEqual(["wws-agent"]);
  expect(handsDoor?.get("SocketMode")).toEqual(["0600"]);
  expect(handsDoor?.get("Accept")).toEqual(["yes"]);
  expect(hands?.get("ExecStart")).toEqual(["/usr/lib/wws-agent/hand --unit %n"]);
  // All three name the same path.
  const path = "/run/wws-agent/hands.sock";
  expect(handsDoor?.get("ListenStream")).toEqual([path]);
  for (const file of ["agent/program/open-hands.ts", "agent/hands/open-hands-program.ts"]) {
    expect(readFileSync(join(repositoryRoot, file), "utf8")).toContain(`"${path}"`);
  }
});

test("the settings that come with the package set nothing", () => {
  expect(
    read("agent.toml")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#")),
  ).toEqual([]);
});

test("only a purge takes the host's identity", () => {
  const scripts = ["postinst", "prerm", "postrm"].map((name) => [name, read(name)] as const);
  const removing = scripts.filter(([, text]) => /rm -r?f/.test(text)).map(([name]) => name);
  expect(removing).toEqual(["postrm"]);
  expect(read("postrm")).toMatch(/if \[ "\$1" = purge \]; then\n {2}rm -rf \/var\/lib\/wws-agent/);
});
