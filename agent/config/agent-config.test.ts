import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ConfigSources, loadAgentConfig } from "./agent-config.ts";
import { ConfigError } from "./config-error.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(given: { text?: string } & Partial<ConfigSources>) {
  const { text, environment = {}, flags = {} } = given;
  let file = given.file;
  if (text !== undefined) {
    file = join(folder, "agent.toml");
    writeFileSync(file, text);
  }
  return loadAgentConfig({ environment, flags, file });
}

function messageOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("it was taken");
}

test("without anything, the defaults stand, and nobody can change them", () => {
  const config = load({ text: "" });
  expect(config).toEqual({
    manager: null,
    data: "/var/lib/wws-agent",
    logLevel: "info",
    ringBytes: 32 * 1024 * 1024,
    root: "/",
    simulated: false,
    cpuTime: false,
    drainSystemd: [],
    drainHooks: null,
    drainTenantMounts: [],
    handsMay: [],
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test("flags stand over the environment, the environment over the file", () => {
  const text = 'manager = "file:1"\nlog_level = "debug"\ndata = "/from/file"\nring_bytes = 2000000';
  const environment = { WWS_MANAGER: "environment:2", WWS_LOG_LEVEL: "warn" };
  const flags = { manager: "flag:3" };
  expect(load({ text, environment, flags })).toMatchObject({
    manager: "flag:3",
    logLevel: "warn",
    data: "/from/file",
    ringBytes: 2_000_000,
  });
});

test("WWS_CONFIG names the file, --config stands over it", () => {
  const path = join(folder, "other.toml");
  writeFileSync(path, "simulated = true");
  expect(load({ environment: { WWS_CONFIG: path } }).simulated).toBe(true);
  expect(load({ text: "", environment: { WWS_CONFIG: path } }).simulated).toBe(false);
});

test("an unknown key is an error that names file, line and the keys there are", () => {
  const message = messageOf(() => load({ text: "\n\nmanger = 'x'\n" }));
  expect(message).toMatch(/agent\.toml, line 3: unknown key manger; known are manager, data/);
});

test("a line that cannot be read is named", () => {
  expect(messageOf(() => load({ text: "[agent]" }))).toMatch(
    /agent\.toml, line 1: other tables than \[drain\], \[hands\]/,
  );
});

test.each([
  [{ text: "simulated = 'maybe'" }, /line 1: simulated must be true or false/],
  [{ text: "manager = 5" }, /line 1: manager must be "HOST:PORT"/],
  [{ environment: { WWS_LOG_LEVEL: "loud" }, text: "" }, /^WWS_LOG_LEVEL must be one of fatal/],
  [{ flags: { ringBytes: "12" }, text: "" }, /^--ring-bytes must be a whole number from 1048576/],
  [{ flags: { data: "relative" }, text: "" }, /^--data must be the path of a folder/],
])("%j is refused, with where it stands", (given, message) => {
  expect(messageOf(() => load(given))).toMatch(message);
});

test("a file that was asked for must be there; the usual one need not", () => {
  expect(messageOf(() => load({ file: join(folder, "nothing.toml") }))).toMatch(
    /nothing\.toml cannot be read \(ENOENT\)/,
  );
  expect(load({}).manager).toBeNull();
});

test("the time of each CPU in each mode is sampled where it is asked for", () => {
  expect(load({}).cpuTime).toBe(false);
  expect(load({ text: "cpu_time = true" }).cpuTime).toBe(true);
  expect(load({ environment: { WWS_CPU_TIME: "true" } }).cpuTime).toBe(true);
  expect(messageOf(() => load({ text: "cpu_time = 3" }))).toMatch(/cpu_time must be true or false/);
});

test("what root's helper may do is a closed list, and nothing unless it is named", () => {
  expect(load({ text: '[hands]\nmay = ["reboot", "units", "units"]' }).handsMay).toEqual([
    "units",
    "reboot",
  ]);
  expect(load({ text: "[hands]\nmay = []" }).handsMay).toEqual([]);
  for (const line of ['may = ["power"]', "may = true", 'may = "all"']) {
    expect(messageOf(() => load({ text: `[hands]\n${line}` }))).toContain(
      'hands.may must be a list of "units", "hooks", "reboot"',
    );
  }
});

test("what a drain may touch is set in a table of its own", () => {
  const text =
    '[drain]\nsystemd = ["photo-*.service"]\nhooks = "/srv/hooks"\ntenant_mounts = ["/srv/t/*"]';
  expect(load({ text })).toMatchObject({
    drainSystemd: ["photo-*.service"],
    drainHooks: "/srv/hooks",
    drainTenantMounts: ["/srv/t/*"],
  });
  const environment = { WWS_DRAIN_TENANT_MOUNTS: "/a/*:/b/*" };
  expect(load({ text, environment }).drainTenantMounts).toEqual(["/a/*", "/b/*"]);
});

test.each([
  ['systemd = ["*.service"]', "a list of globs of units"],
  ['systemd = ["--all.service"]', "a list of globs of units"],
  ['systemd = "photo"', "a list of globs of units"],
  ['hooks = "drain.d"', "the path of a folder"],
  ['tenant_mounts = ["/srv/../*"]', "a list of paths"],
])("[drain] %s is refused with what to write", (line, form) => {
  expect(messageOf(() => load({ text: `[drain]\n${line}` }))).toContain(`must be ${form}`);
});
