import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { loadFixture } from "./fixture.ts";
import { type RecordedFrame, recordSource } from "./recording.ts";
import { openReplaySource } from "./replay.ts";
import { digestOfFolder, type FixtureDescription, writeFixture } from "./write-fixture.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-fixture-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const description: FixtureDescription = {
  name: "test",
  machine: { vendor: null, model: null, class: null, biosVersion: null, bmc: null },
  cpu: { model: null, sockets: null, cores: null, threads: null, numaNodes: null },
  os: { kernel: null, distribution: null, arch: null },
  tools: {},
  recorder: { version: "0", uid: 0, capabilities: [], recordedAt: "2026-11-23T06:00:00.000Z" },
  state: { power: "on", load: null, known_faults: [] },
  synthetic: { is: true, what: "a machine made of texts" },
  provenance: { recordedBy: "us", source: null, licence: "project" },
  unknown: {},
};

/** Three frames, a second apart: a counter that grows, a file that goes away, one that is denied. */
async function record(machine: (source: MemorySource, frame: number) => void, frames = 3) {
  const source = createMemorySource();
  const clock = createVirtualClock();
  const recording = recordSource(source, clock);
  const recorded: RecordedFrame[] = [];
  machine(source, 0);
  const opened = recording.openCounterFile("/proc/stat");
  for (let frame = 0; frame < frames; frame += 1) {
    machine(source, frame);
    if (opened.ok) opened.value.read();
    recording.readText("/sys/class/net/eth0/address");
    recording.readText("/sys/gone");
    recording.readText("/sys/denied");
    recording.listDirectory("/sys/class");
    recording.readLink("/sys/class/net/eth0/device");
    recording.readFilesystem("/");
    await recording.runTool({ tool: "lsblk", args: ["-J"], timeoutMs: 1 });
    await recording.runTool({ tool: "nvme", args: ["list"], timeoutMs: 1 });
    await recording.askSystemInformation("system");
    recorded.push(recording.takeFrame());
    await clock.advance(1000);
    recording.markBegin();
  }
  return writeFixture(join(folder, "host"), description, recorded, createSeededRandom(3));
}

function machine(source: MemorySource, frame: number): void {
  source.put("/proc/stat", `cpu  ${100 + frame * 10} 0 0 ${900 + frame * 90} 0 0 0 0\n`);
  source.put("/sys/class/net/eth0/address", "b0:26:28:12:34:56\n");
  source.putLink("/sys/class/net/eth0/device", "../../../0000:01:00.0");
  source.putProblem("/sys/denied", "denied", "EACCES");
  source.putFilesystem("/", {
    sizeBytes: 5,
    freeBytes: 4,
    availableBytes: 3,
    files: 2,
    filesFree: 1,
  });
  source.putTool(["lsblk", "-J"], {
    stdout: '{"serial": "S64HNE0T000001"}\n',
    stderr: "warning\n",
    exitCode: 2,
  });
  if (frame === 0) source.put("/sys/gone", "here\n");
  else source.remove("/sys/gone");
}

test("a replay gives each answer as it was, frame by frame, problems included", async () => {
  const { facts } = await record(machine);
  expect(facts.frames).toEqual([
    { dir: "0000", monotonicMs: 0 },
    { dir: "0001", monotonicMs: 1000 },
    { dir: "0002", monotonicMs: 2000 },
  ]);
  expect(facts.denied).toEqual([{ path: "/sys/denied", errno: "EACCES" }]);
  const source = openReplaySource(loadFixture(join(folder, "host")));
  const counter = source.openCounterFile("/proc/stat");
  const stat = (): string => {
    const read = counter.ok ? counter.value.read() : counter;
    return read.ok ? Buffer.from(read.value).toString() : read.problem.kind;
  };
  expect(stat()).toBe("cpu  100 0 0 900 0 0 0 0\n");
  expect(source.readText("/sys/gone")).toEqual({ ok: true, value: "here\n" });
  expect(source.readText("/sys/denied")).toEqual({
    ok: false,
    problem: { kind: "denied", path: "/sys/denied", errno: "EACCES" },
  });
  expect(source.readLink("/sys/class/net/eth0/device")).toEqual({
    ok: true,
    value: "../../../0000:01:00.0",
  });
  expect(source.readFilesystem("/")).toMatchObject({ ok: true, value: { sizeBytes: 5 } });
  expect(await source.runTool({ tool: "lsblk", args: ["-J"], timeoutMs: 1 })).toMatchObject({
    value: { exitCode: 2, stderr: "warning\n" },
  });
  expect(await source.runTool({ tool: "nvme", args: ["list"], timeoutMs: 1 })).toMatchObject({
    problem: { kind: "missing" },
  });
  expect(await source.askSystemInformation("system")).toMatchObject({
    problem: { kind: "missing" },
  });
  expect(source.moveTo(1)).toBe(true);
  expect(source.elapsedMs()).toBe(1000);
  expect(stat()).toBe("cpu  110 0 0 990 0 0 0 0\n");
  expect(source.readText("/sys/gone")).toMatchObject({
    problem: { kind: "missing", errno: "ENOENT" },
  });
});

test("only what changed is written again, and the digest covers every file", async () => {
  const { facts } = await record(machine);
  const second = join(folder, "host/frames/0001");
  expect(existsSync(join(second, "files/proc/stat"))).toBe(true);
  expect(existsSync(join(second, "files/sys/class/net/eth0/address"))).toBe(false);
  expect(existsSync(join(second, "tools"))).toBe(false);
  expect(digestOfFolder(join(folder, "host"))).toEqual({ sha256: facts.sha256, ...facts.size });
  writeFileSync(join(folder, "host/frames/0000/files/extra"), "x");
  expect(digestOfFolder(join(folder, "host")).sha256).not.toBe(facts.sha256);
});

test("nothing private reaches the disk, and the same fact is the same everywhere", async () => {
  const { facts } = await record(machine);
  const read = (path: string): string =>
    readFileSync(join(folder, "host/frames/0000", path), "utf8");
  expect(read("files/sys/class/net/eth0/address")).toMatch(/^b0:26:28:(?!12:34:56)/);
  expect(read("tools/1-lsblk.stdout.txt")).not.toContain("S64HNE0T000001");
  expect(facts.scrub).toMatchObject({ replaced: { mac: 1, serial: 1 }, reviewedBy: null });
});

test("a question that was not recorded is an error that names it, not a missing file", async () => {
  await record(machine);
  const source = openReplaySource(loadFixture(join(folder, "host")));
  expect(() => source.readText("/proc/uptime")).toThrow(
    /does not hold the answer to \/proc\/uptime/,
  );
  expect(() => source.openCounterFile("/proc/diskstats")).toThrow(/\/proc\/diskstats/);
  await expect(source.runTool({ tool: "lsblk", args: ["-O"], timeoutMs: 1 })).rejects.toThrow(
    /lsblk.*-O/,
  );
  await expect(source.askSystemInformation("bios")).rejects.toThrow(/bios/);
});

test("a tool that was not installed is missing whatever it is asked", async () => {
  await record(machine);
  const source = openReplaySource(loadFixture(join(folder, "host")));
  expect(
    await source.runTool({ tool: "nvme", args: ["smart-log", "/dev/nvme0"], timeoutMs: 1 }),
  ).toMatchObject({ problem: { kind: "missing" } });
});

test("at its end a replay stops, unless it was told to loop; then counters go on", async () => {
  await record(machine);
  const fixture = loadFixture(join(folder, "host"));
  expect(openReplaySource(fixture).moveTo(3)).toBe(false);
  const source = openReplaySource(fixture, { isLooping: true, firstFrame: 1 });
  const counter = source.openCounterFile("/proc/stat");
  const ticks: number[] = [];
  const times: number[] = [];
  for (let step = 0; step < 9; step += 1) {
    expect(source.moveTo(step)).toBe(true);
    const read = counter.ok ? counter.value.read() : counter;
    ticks.push(read.ok ? Number(Buffer.from(read.value).toString().split(/\s+/)[1]) : Number.NaN);
    times.push(source.elapsedMs());
  }
  expect(ticks).toEqual([110, 120, 130, 140, 150, 160, 170, 180, 190]);
  expect(times).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000]);
  expect(source.readText("/sys/gone")).toMatchObject({ ok: true });
});

test("a replay may follow a clock: a tick that comes early or late meets its own frame", async () => {
  await record(machine);
  const clock = createVirtualClock();
  const source = openReplaySource(loadFixture(join(folder, "host")), {
    isLooping: true,
    follow: { clock, frameMs: 1000 },
  });
  const ticks = (): string => {
    const read = source.readText("/proc/stat");
    return read.ok ? (read.value.split(/\s+/)[1] ?? "") : "";
  };
  const seen = [ticks()];
  for (const ms of [990, 1020, 995, 1000]) {
    await clock.advance(ms);
    seen.push(ticks());
  }
  expect(seen).toEqual(["100", "110", "120", "130", "140"]);
});

test("hosts of one fixture share the texts of later passes", async () => {
  await record(machine);
  const fixture = loadFixture(join(folder, "host"));
  const [a, b] = [0, 2].map((firstFrame) =>
    openReplaySource(fixture, { isLooping: true, firstFrame }),
  );
  a?.moveTo(5);
  b?.moveTo(3);
  const bytesOf = (source: typeof a) => {
    const opened = source?.openCounterFile("/proc/stat");
    const read = opened?.ok ? opened.value.read() : null;
    return read?.ok ? read.value : null;
  };
  expect(bytesOf(a)).not.toBeNull();
  expect(bytesOf(a)).toBe(bytesOf(b));
});

test.each([
  ["another format", { format: 2 }, /format is 2/],
  ["no name", { name: 5 }, /name is number/],
  ["a null that must not be", { sha256: null }, /sha256 is null/],
])("a fixture with %s is refused, by name", async (_, change, message) => {
  await record(machine);
  const path = join(folder, "host/fixture.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
  expect(() => loadFixture(join(folder, "host"))).toThrow(message);
});

test("a folder that holds something is not written into", async () => {
  await record(machine);
  await expect(record(machine)).rejects.toThrow(/is not empty/);
});

test("a recording that is not clean is not written at all", async () => {
  await expect(
    record((source, frame) => {
      machine(source, frame);
      source.putTool(["lsblk", "-J"], { stdout: "password: hunter2\n" });
    }),
  ).rejects.toThrow(/nothing was written: .*the word password/);
  expect(existsSync(join(folder, "host"))).toBe(false);
});
