import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLiveSource } from "./live.ts";
import { problemOf } from "./live-files.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "wws-live-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function putTool(name: string, script: string): void {
  put(`/usr/sbin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, "usr/sbin", name), 0o755);
}

test("a text is read whole, however long, up to its limit", () => {
  put("/proc/a", "x".repeat(10_000));
  put("/proc/b", "x".repeat(1024 * 1024 + 1));
  const source = openLiveSource({ root });
  expect(source.readText("/proc/a")).toMatchObject({ ok: true, value: "x".repeat(10_000) });
  expect(source.readText("/proc/b")).toMatchObject({ ok: false, problem: { kind: "too-large" } });
});

test("bytes that are no UTF-8 are read as Latin-1, and NULs stay", () => {
  put("/sys/a", Uint8Array.from([0x47, 0x65, 0x72, 0xe4, 0x74, 0]));
  expect(openLiveSource({ root }).readText("/sys/a")).toEqual({ ok: true, value: "Gerät\0" });
});

test("a missing file, a folder and a file in place of a folder are told apart by errno", () => {
  put("/proc/a", "1");
  const source = openLiveSource({ root });
  expect(source.readText("/proc/none")).toEqual({
    ok: false,
    problem: { kind: "missing", path: "/proc/none", errno: "ENOENT" },
  });
  expect(source.readText("/proc/a/b")).toMatchObject({
    problem: { kind: "missing", errno: "ENOTDIR" },
  });
  expect(source.readText("/proc")).toMatchObject({ problem: { kind: "failed", errno: "EISDIR" } });
  expect(source.listDirectory("/none")).toMatchObject({ problem: { kind: "missing" } });
  expect(source.readLink("/proc/a")).toMatchObject({
    problem: { kind: "failed", errno: "EINVAL" },
  });
});

test.each([
  ["EACCES", "denied"],
  ["EPERM", "denied"],
  ["ENOENT", "missing"],
  ["EIO", "failed"],
  ["ENODATA", "failed"],
])("%s of the kernel is %s", (code, kind) => {
  const error = Object.assign(new Error(code), { code });
  expect(problemOf("/proc/a", error)).toEqual({ kind, path: "/proc/a", errno: code });
});

test("a defect of ours is thrown on, never taken for a file's", () => {
  expect(() => problemOf("/proc/a", new TypeError("x"))).toThrow(TypeError);
});

test("folders and links as they stand", () => {
  put("/sys/class/a/b", "1");
  symlinkSync("../../devices/x", join(root, "sys/class/link"));
  const source = openLiveSource({ root });
  expect(source.listDirectory("/sys/class")).toMatchObject({ ok: true, value: ["a", "link"] });
  expect(source.readLink("/sys/class/link")).toEqual({ ok: true, value: "../../devices/x" });
});

test("a counter file shows what stands there now, also when it grows beyond the buffer", () => {
  put("/proc/stat", "1\n");
  const source = openLiveSource({ root });
  const opened = source.openCounterFile("/proc/stat");
  if (!opened.ok) throw new Error("not opened");
  const text = (): string => {
    const read = opened.value.read();
    return read.ok ? Buffer.from(read.value).toString() : read.problem.kind;
  };
  expect(text()).toBe("1\n");
  put("/proc/stat", "y".repeat(70_000));
  expect(text()).toBe("y".repeat(70_000));
  put("/proc/stat", "2\n");
  expect(text()).toBe("2\n");
  opened.value.close();
  // Closed by its owner, and read once more all the same: it opens itself again.
  expect(text()).toBe("2\n");
  rmSync(join(root, "proc/stat"));
  opened.value.close();
  expect(text()).toBe("missing");
});

test("counter files of one source share their buffer: a view is good until the next read", () => {
  put("/proc/a", "aaaa");
  put("/proc/b", "bbbb");
  const source = openLiveSource({ root });
  const a = source.openCounterFile("/proc/a");
  const b = source.openCounterFile("/proc/b");
  if (!a.ok || !b.ok) throw new Error("not opened");
  const first = a.value.read();
  const second = b.value.read();
  expect(first.ok && second.ok && first.value.buffer === second.value.buffer).toBe(true);
});

test("sizes of a file system", () => {
  const sizes = openLiveSource().readFilesystem("/");
  expect(
    sizes.ok && sizes.value.sizeBytes > 0 && sizes.value.availableBytes <= sizes.value.freeBytes,
  ).toBe(true);
  expect(openLiveSource({ root }).readFilesystem("/none")).toMatchObject({
    problem: { kind: "missing" },
  });
});

test("a tool runs without a shell, with C locale and nothing of our environment", async () => {
  putTool("lsblk", 'echo "$LC_ALL $HOME $USER $1"; echo oops >&2; exit 3');
  const answer = await openLiveSource({ root }).runTool({
    tool: "lsblk",
    args: ["$(id)"],
    timeoutMs: 10_000,
  });
  expect(answer).toEqual({
    ok: true,
    value: { exitCode: 3, stdout: "C /  $(id)\n", stderr: "oops\n" },
  });
});

test("a tool that is not installed is missing, with where it was looked for", async () => {
  expect(
    await openLiveSource({ root }).runTool({ tool: "nvme", args: [], timeoutMs: 1000 }),
  ).toMatchObject({
    ok: false,
    problem: { kind: "missing", detail: "nvme is not in /usr/sbin, /usr/bin, /sbin, /bin" },
  });
});

test("a tool that hangs is ended with all it started", async () => {
  putTool("smartctl", `sleep 600 & echo $! > ${root}/child; wait`);
  const answer = await openLiveSource({ root }).runTool({
    tool: "smartctl",
    args: [],
    timeoutMs: 300,
  });
  expect(answer).toMatchObject({ ok: false, problem: { kind: "timed-out" } });
  const child = Number(readChild());
  expect(child).toBeGreaterThan(1);
  // Gone, or dead and waiting for init to notice.
  await vi.waitFor(() => {
    const stat = openLiveSource().readText(`/proc/${child}/stat`);
    expect(stat.ok ? stat.value : ") Z").toMatch(/\) Z/);
  });
});

function readChild(): string {
  const read = openLiveSource({ root }).readText("/child");
  return read.ok ? read.value : "";
}

test("a tool that prints without end is cut off", async () => {
  putTool(
    "lscpu",
    "while :; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; done",
  );
  const answer = await openLiveSource({ root }).runTool({
    tool: "lscpu",
    args: [],
    timeoutMs: 20_000,
  });
  expect(answer).toMatchObject({
    ok: false,
    problem: { kind: "failed", detail: expect.stringContaining("more than") },
  });
});

test("systeminformation is asked in a child of its own, and only on the real machine", async () => {
  const answer = await openLiveSource().askSystemInformation("osInfo");
  expect(answer).toMatchObject({ ok: true, value: { platform: "linux" } });
  expect(await openLiveSource({ root }).askSystemInformation("osInfo")).toMatchObject({
    problem: { kind: "missing" },
  });
});
