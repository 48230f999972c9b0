import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TokenDisk } from "#proto/messages/reimage-token.ts";
import type { Bytes } from "#proto/vocabulary/units.ts";
import {
  createFileDisk,
  createFileDisks,
  type DriveLies,
  type FileDisk,
  type FileDisks,
  PowerCut,
  readMedium,
  writeMedium,
} from "#test/support/imaging/file-disks.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { chooseMethods } from "./choose-method.ts";
import type { DiskPort } from "./disk-port.ts";
import { type EraseDiskAsk, eraseDisk } from "./erase-disk.ts";
import type { EraseMethod, InDriveMethod } from "./erase-method.ts";
import type { DiskNote } from "./imaging-journal.ts";
import { planMarks } from "./marks.ts";
import { diskKey } from "./same-disk.ts";

const sizeBytes = (2 * 1024 * 1024) as Bytes;
const markSeed = "0123456789abcdef";
const pattern = Buffer.from("THE TENANT'S OWN DATA, 64 BYTES OF IT, AGAIN AND AGAIN.........\n");
const random = createSeededRandom(7);

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-erase-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface World {
  readonly disk: FileDisk;
  readonly other: FileDisk;
  readonly disks: FileDisks;
  readonly expected: TokenDisk;
  note: DiskNote | null;
  readonly notes: string[];
}

function world(methods: readonly InDriveMethod[], lies: DriveLies = {}): World {
  const disk = createFileDisk(join(folder, "a"), { name: "nvme0n1", sizeBytes });
  const other = createFileDisk(join(folder, "b"), { name: "nvme1n1", sizeBytes });
  disk.methods = methods;
  disk.lies = lies;
  const block = Buffer.alloc(sizeBytes, pattern);
  // Every block differs, as data does.
  for (let at = 0; at < sizeBytes; at += 4_096) block.writeUInt32LE(at, at);
  writeMedium(disk, 0, block);
  writeMedium(other, 0, block);
  const expected: TokenDisk = {
    serial: "SN-nvme0n1",
    wwn: null,
    model: null,
    sizeBytes,
    fate: { kind: "erase", class: "clear" },
  };
  const disks = createFileDisks([disk, other], random);
  return { disk, other, disks, expected, note: null, notes: [] };
}

function run(it: World, methods: readonly EraseMethod[], port: DiskPort = it.disks) {
  const clock = createVirtualClock();
  const ask: EraseDiskAsk = {
    port,
    clock,
    signal: new AbortController().signal,
    disk: it.expected,
    methods,
    markSeed,
    noted: it.note,
    async note(note) {
      it.note = note;
      it.notes.push(`${note.state} ${note.method ?? "-"}`);
    },
    inTurn: (work) => work(),
    onBeat: () => {},
  };
  const ended = eraseDisk(ask);
  ended.catch(() => {});
  return { ended, clock };
}

async function finish(it: World, methods: readonly EraseMethod[], port?: DiskPort) {
  const { ended, clock } = run(it, methods, port);
  await clock.runUntilIdle(6 * 3_600_000);
  return ended;
}

function isClean({ disk }: World): boolean {
  const bytes = readMedium(disk);
  if (bytes.includes(pattern.subarray(4, 40))) return false;
  return planMarks(markSeed, diskKey({ serial: "SN-nvme0n1", wwn: null }), sizeBytes).every(
    (mark) => !bytes.includes(Buffer.from(mark.bytes.subarray(0, 32))),
  );
}

test.each<[string, readonly InDriveMethod[], EraseMethod]>([
  ["overwritten by the host", [], "overwrite"],
  ["sanitized by itself", ["sanitize-crypto"], "sanitize-crypto"],
  ["formatted", ["format-user-data"], "format-user-data"],
])("a disk %s holds nothing of what was there, and the report says how", async (_, own, method) => {
  const it = world(own);
  expect(isClean(it)).toBe(false);
  const ended = await finish(it, [method]);
  expect(isClean(it)).toBe(true);
  expect(ended).toMatchObject({
    ok: true,
    value: { method, class: "clear", isReadWhole: true, shareRead: 1 },
  });
  expect(it.notes).toEqual([
    "marking -",
    "marked -",
    `erasing ${method}`,
    ...(method === "overwrite" ? ["erasing overwrite"] : []),
    `erased ${method}`,
    `verified ${method}`,
  ]);
  expect(readMedium(it.other).includes(pattern)).toBe(true);
});

test("an overwrite that writes nothing is found out: without the erase nothing passes", async () => {
  const it = world([]);
  const withoutErase: DiskPort = {
    list: () => it.disks.list(),
    async open(name, access) {
      const handle = await it.disks.open(name, access);
      return {
        ...handle,
        write: (offset, bytes) =>
          bytes.every((byte) => byte === 0) ? Promise.resolve() : handle.write(offset, bytes),
      };
    },
  };
  expect(await finish(it, ["overwrite"], withoutErase)).toMatchObject({
    ok: false,
    problem: { reason: "erase-unverified" },
  });
  expect(isClean(it)).toBe(false);
});

test("success without an erase leads to the next way of the same class, and that is verified", async () => {
  const own = ["format-user-data", "sanitize-block"] as const;
  const it = world(own, { erasesNothing: ["format-user-data"] });
  expect(await finish(it, own)).toMatchObject({ ok: true, value: { method: "sanitize-block" } });
  expect(it.disk.begun).toEqual(own);
  expect(isClean(it)).toBe(true);
});

test("where every way only says that it erased, the disk is unverified after two", async () => {
  const own = ["sanitize-block"] as const;
  const it = world(own, { erasesNothing: own });
  expect(await finish(it, own)).toMatchObject({
    ok: false,
    problem: { reason: "erase-unverified", words: expect.stringContaining("mark of ours") },
  });
  expect(it.disk.begun).toEqual(["sanitize-block", "sanitize-block"]);
});

test("a refused erase is told as the drive said it, and nothing weaker is done", async () => {
  const it = world(["sanitize-crypto"], { refuses: ["sanitize-crypto"] });
  expect(await finish(it, ["sanitize-crypto"])).toMatchObject({
    ok: false,
    problem: { reason: "erase-refused", words: expect.stringContaining("Invalid Command Opcode") },
  });
  expect(it.disk.begun).toEqual([]);
});

test("a drive that can do nothing of its class has no way at all", () => {
  expect(chooseMethods("purge", { methods: ["ata-secure-erase", "format-user-data"] })).toEqual([]);
  expect(chooseMethods("purge", { methods: ["sanitize-block", "sanitize-crypto"] })).toEqual([
    "sanitize-crypto",
    "sanitize-block",
  ]);
  expect(chooseMethods("clear", { methods: [] })).toEqual(["overwrite"]);
});

test("a sanitize that stands still is stuck after 15 minutes; later it is read, not begun anew", async () => {
  const it = world(["sanitize-block"], { stuckAt: 0.5 });
  expect(await finish(it, ["sanitize-block"])).toMatchObject({
    ok: false,
    problem: {
      reason: "sanitize-stuck",
      words: expect.stringContaining("no progress for 15 min at 50.0 %"),
    },
  });
  it.disk.lies = {};
  expect(await finish(it, ["sanitize-block"])).toMatchObject({ ok: true });
  expect(it.disk.begun).toEqual(["sanitize-block"]);
});

test("a log of years ago does not count as our erase", async () => {
  const it = world(["sanitize-block"]);
  it.disk.status = { state: "done", done: null, isGloballyErased: false, said: "0x1" };
  it.note = {
    state: "erasing",
    digests: [],
    method: "sanitize-block",
    attempt: 1,
    doneBytes: 0,
    report: null,
  };
  expect(await finish(it, ["sanitize-block"])).toMatchObject({ ok: true });
  expect(it.disk.begun).toEqual(["sanitize-block"]);
});

test("a drive that is dead after its erase is told as dead, by serial", async () => {
  const it = world(["format-user-data"], { isDeadAfterErase: true });
  expect(await finish(it, ["format-user-data"])).toMatchObject({
    ok: false,
    problem: { reason: "disk-dead", words: expect.stringContaining("SN-nvme0n1") },
  });
});

test("what was verified is read from the journal and not erased a second time", async () => {
  const it = world(["sanitize-crypto"]);
  const first = await finish(it, ["sanitize-crypto"]);
  expect(await finish(it, ["sanitize-crypto"])).toEqual(first);
  expect(it.disk.begun).toEqual(["sanitize-crypto"]);
});

test("names that move between the listing and the opening never reach another disk", async () => {
  const it = world([]);
  it.disks.renameBeforeOpen = true;
  const before = readMedium(it.other);
  await finish(it, ["overwrite"]);
  expect(readMedium(it.other).equals(before)).toBe(true);
});

test.each<[EraseMethod, readonly InDriveMethod[]]>([
  ["overwrite", []],
  ["sanitize-crypto", ["sanitize-crypto"]],
  ["format-user-data", ["format-user-data"]],
])(
  "with the power cut at every write of %s, the end is the same",
  async (method, own) => {
    const whole = world(own);
    await finish(whole, [method]);
    const operations = whole.disks.operations;
    expect(operations).toBeGreaterThan(30);
    for (let cut = 0; cut < operations; cut += 1) {
      const it = world(own);
      it.disks.cutAfter = cut;
      await expect(finish(it, [method])).rejects.toBeInstanceOf(PowerCut);
      it.disks.restore();
      expect(await finish(it, [method])).toMatchObject({ ok: true, value: { method } });
      expect(isClean(it)).toBe(true);
      expect(readMedium(it.other).includes(pattern)).toBe(true);
    }
  },
  120_000,
);
