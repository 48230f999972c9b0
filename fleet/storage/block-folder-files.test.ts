import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { BlockFolder } from "#fleet/telemetry/block-folder.ts";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { openBlockFolder } from "./block-folder-files.ts";
import { readHandlesMax } from "./read-handles.ts";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "wws-blocks-"));
  cleanUps.push(() => rmSync(directory, { recursive: true }));
  return directory;
}

function onDisk(): BlockFolder {
  const folder = openBlockFolder(join(newDirectory(), "telemetry"));
  cleanUps.push(() => folder.close());
  return folder;
}

const bytes = (...list: number[]) => Uint8Array.from(list);

describe.each([
  ["files", onDisk],
  ["memory", () => createMemoryBlockFolder()],
])("a block folder in %s", (_, create) => {
  test("gives back what was appended, where it said it is", async () => {
    const folder = create();
    const file = folder.openLog("log-1");
    expect(await file.append(bytes(1, 2, 3))).toBe(0);
    expect(await file.append(bytes(4, 5))).toBe(3);
    await file.sync();
    expect(await folder.read("log-1", 1, 3)).toEqual(bytes(2, 3, 4));
    expect(await folder.read("log-1", 3, 100)).toEqual(bytes(4, 5));
    expect(folder.size("log-1")).toBe(5);
    await file.close();
  });

  test("goes on at the end of a log that is there already", async () => {
    const folder = create();
    const first = folder.openLog("log-1");
    await first.append(bytes(1));
    await first.close();
    const second = folder.openLog("log-1");
    expect(await second.append(bytes(2))).toBe(1);
    expect(await folder.readWhole("log-1")).toEqual(bytes(1, 2));
    await second.close();
  });

  test("an open log goes on where it was cut", async () => {
    const folder = create();
    const file = folder.openLog("log-1");
    await file.append(bytes(1, 2, 3));
    folder.truncate("log-1", 1);
    expect(await file.append(bytes(9))).toBe(1);
    expect(await folder.readWhole("log-1")).toEqual(bytes(1, 9));
    await file.close();
  });

  test("writes a whole file, and again over it", async () => {
    const folder = create();
    await folder.writeWhole("block-1", bytes(1, 2, 3));
    expect(await folder.readWhole("block-1")).toEqual(bytes(1, 2, 3));
    await folder.writeWhole("block-1", bytes(4));
    expect(await folder.readWhole("block-1")).toEqual(bytes(4));
  });

  test("lists names in order, without those that were removed", async () => {
    const folder = create();
    for (const name of ["b", "c", "a"]) await folder.writeWhole(name, bytes(1));
    await folder.readWhole("c");
    folder.remove("c");
    expect(folder.list()).toEqual(["a", "b"]);
    await expect(folder.readWhole("c")).rejects.toMatchObject({ code: "ENOENT" });
    expect(() => folder.size("c")).toThrow(expect.objectContaining({ code: "ENOENT" }));
  });

  test("says how much room there is", () => {
    expect(create().freeBytes()).toBeGreaterThan(0);
  });
});

test("what a crash left unfinished is cleared away when the folder is opened", () => {
  const directory = newDirectory();
  writeFileSync(join(directory, "block-1.unfinished"), "half");
  const folder = openBlockFolder(directory);
  cleanUps.push(() => folder.close());
  expect(folder.list()).toEqual([]);
  expect(readdirSync(directory)).toEqual([]);
});

test("reads more files than it keeps open, also at once", async () => {
  const folder = onDisk();
  const names = Array.from({ length: readHandlesMax + 10 }, (_, index) => `block-${index}`);
  for (const name of names) await folder.writeWhole(name, new TextEncoder().encode(name));
  for (let round = 0; round < 2; round += 1) {
    const read = await Promise.all(names.map((name) => folder.readWhole(name)));
    expect(read.map((one) => new TextDecoder().decode(one))).toEqual(names);
  }
});

describe("the disk in memory", () => {
  test("keeps what was synced through a crash and tears the rest", async () => {
    const kept = new Set<number>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const folder = createMemoryBlockFolder();
      const file = folder.openLog("log-1");
      await file.append(bytes(1, 2, 3));
      await file.sync();
      await file.append(bytes(4, 5, 6, 7));
      const after = folder.crash(createSeededRandom(seed));
      const left = await after.readWhole("log-1");
      expect(left.slice(0, 3)).toEqual(bytes(1, 2, 3));
      for (const [index, byte] of left.entries()) expect([0, index + 1]).toContain(byte);
      kept.add(left.length);
    }
    expect([...kept].sort()).toEqual([3, 4, 5, 6, 7]);
  });

  test("is full at its capacity, and keeps the part that still fitted", async () => {
    const folder = createMemoryBlockFolder({ capacityBytes: 4 });
    const file = folder.openLog("log-1");
    await file.append(bytes(1, 2, 3));
    await expect(file.append(bytes(4, 5))).rejects.toMatchObject({ code: "ENOSPC" });
    expect(folder.size("log-1")).toBe(4);
    expect(folder.freeBytes()).toBe(0);
  });
});
