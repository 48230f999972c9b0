import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeBothEngines, storeOptions } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { auditEntry } from "#test/support/life-builders.ts";
import { fillStore, readLife, readStore } from "#test/support/store-contents.ts";
import { type ControlStore, openControlStore } from "./control-store.ts";
import { openEngine } from "./engine.ts";
import { restoreDump } from "./restore-dump.ts";
import { writeDump } from "./dump.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-backup-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** It holds what the other does, is sound, and its audit goes on where it ended. */
async function expectSame(restored: ControlStore, store: ControlStore): Promise<void> {
  const life = await readLife(store);
  const { audit, ...others } = await readLife(restored);
  expect({ ...others, audit: audit.slice(0, life.audit.length) }).toEqual(life);
  expect(audit.slice(life.audit.length)).toMatchObject([
    { action: "cell.safe-mode", facts: { because: "restored" } },
  ]);
  expect(await readStore(restored)).toEqual(await readStore(store));
  const next = await restored.audit.append(auditEntry("store.restored"));
  expect(next).toMatchObject({ seq: 5, previousSha256: audit.at(-1)?.sha256 });
  expect((await restored.check()).filter(({ isSound }) => !isSound)).toEqual([]);
}

describeBothEngines("a backup", (bench) => {
  test("holds everything, and becomes a store again", async () => {
    const store = await bench.open();
    await fillStore(store);
    const path = await store.backup(folder);
    if (store.kind === "sqlite") {
      const again = await bench.open({ sqlite: path });
      await expectSame(again, store);
    } else {
      const place = await bench.freshPlace();
      expect(await restoreDump(path, place, storeOptions)).toEqual({ rows: 32 });
      await expectSame(await bench.open(place), store);
    }
  });

  test("as lines of text moves to the other engine too", async () => {
    const place = await bench.freshPlace();
    const path = join(folder, "control.jsonl");
    const file = "sqlite" in place ? { sqlite: join(folder, "a.sqlite") } : place;
    const store = await bench.open(file);
    await fillStore(store);
    const engine = await openEngine(file, storeOptions);
    await writeDump(engine, path, "0.1.0");
    await engine.close();
    const target = { sqlite: join(folder, "b.sqlite") };
    await restoreDump(path, target, storeOptions);
    await expectSame(await bench.open(target), store);
  });

  test("is as of one moment, while others write", async () => {
    const place = await bench.freshPlace();
    const store = await bench.open(
      "sqlite" in place ? { sqlite: join(folder, "a.sqlite") } : place,
    );
    const copied = store.backup(folder);
    const writes = Array.from({ length: 40 }, (_, number) =>
      store.inventory.insertHost(hostRecord(number + 1)),
    );
    await Promise.all([...writes, copied]);
    const path = await copied;
    if (store.kind === "sqlite") {
      const database = new DatabaseSync(path, { readOnly: true });
      expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
      database.close();
    } else await restoreDump(path, await bench.freshPlace(), storeOptions);
    expect(await store.inventory.listHosts()).toHaveLength(40);
  });

  test("does not write over another", async () => {
    const store = await bench.open();
    await store.backup(folder);
    if (store.kind === "sqlite") await expect(store.backup(folder)).rejects.toThrow(/exist/i);
    else await store.backup(folder);
  });

  test("goes only into an empty store", async () => {
    const place = await bench.freshPlace();
    const file = "sqlite" in place ? { sqlite: join(folder, "a.sqlite") } : place;
    const store = await bench.open(file);
    await fillStore(store);
    const engine = await openEngine(file, storeOptions);
    const path = join(folder, "control.jsonl");
    await writeDump(engine, path, "0.1.0");
    await engine.close();
    await expect(restoreDump(path, file, storeOptions)).rejects.toMatchObject({
      code: "STORE_NOT_EMPTY",
    });
    expect(await store.inventory.listHosts()).toHaveLength(2);
  });
});

describe("a dump that is not whole", () => {
  let path: string;
  let target: { readonly sqlite: string };

  beforeEach(async () => {
    const place = { sqlite: join(folder, "a.sqlite") };
    const engine = await openEngine(place, storeOptions);
    path = join(folder, "control.jsonl");
    target = { sqlite: join(folder, "b.sqlite") };
    const store = await openControlStore(place, storeOptions);
    await fillStore(store);
    await store.close();
    await writeDump(engine, path, "0.1.0");
    await engine.close();
  });

  const spoil = (change: (lines: string[]) => string[]): void => {
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    writeFileSync(path, `${change(lines).join("\n")}\n`);
  };

  test.each<[string, (lines: string[]) => string[], string]>([
    ["its end is missing", (lines) => lines.slice(0, -1), "STORE_DAMAGED"],
    ["a row is missing", (lines) => lines.toSpliced(3, 1), "STORE_DAMAGED"],
    ["a row is there twice", (lines) => lines.toSpliced(3, 0, lines[3] ?? ""), "STORE_DAMAGED"],
    [
      "a letter is another",
      (lines) => lines.map((line) => line.replace("Berlin", "Bonn")),
      "STORE_DAMAGED",
    ],
    ["it is something else", () => ['{"hello":1}'], "STORE_DAMAGED"],
    ["it is empty", () => [], "STORE_DAMAGED"],
    [
      "a table's name is code",
      (lines) => lines.toSpliced(2, 1, '{"table":"x;drop","row":{}}'),
      "STORE_DAMAGED",
    ],
    [
      "a newer release wrote it",
      (lines) => lines.map((line) => line.replace(/"schemaVersion":\d+/, '"schemaVersion":99')),
      "STORE_NEWER",
    ],
  ])("because %s changes nothing", async (_, change, code) => {
    spoil(change);
    await expect(restoreDump(path, target, storeOptions)).rejects.toMatchObject({ code });
    expect(statSync(target.sqlite, { throwIfNoEntry: false })).toBeUndefined();
  });

  test("because its last bytes are cut changes nothing", async () => {
    writeFileSync(path, readFileSync(path).subarray(0, -5));
    await expect(restoreDump(path, target, storeOptions)).rejects.toMatchObject({
      code: "STORE_DAMAGED",
    });
  });
});

test("a backup is its owner's only, whatever the umask", async () => {
  const store = await openControlStore({ sqlite: join(folder, "a.sqlite") }, storeOptions);
  const before = process.umask(0);
  const path = await store.backup(folder);
  process.umask(before);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await store.close();
});

test("a store in memory is copied in turn with its writers", async () => {
  const store = await openControlStore({ sqlite: ":memory:" }, storeOptions);
  const writes = [1, 2, 3].map((number) => store.inventory.insertHost(hostRecord(number)));
  const copied = store.backup(folder);
  writes.push(store.inventory.insertHost(hostRecord(4)));
  const path = await copied;
  for (const written of await Promise.all(writes)) expect(written.ok).toBe(true);
  const copy = await openControlStore({ sqlite: path }, storeOptions);
  expect((await copy.check()).every(({ isSound }) => isSound)).toBe(true);
  await copy.close();
  await store.close();
});

test("a copy of a store goes on by itself: later writes stay out of it", async () => {
  const store = await openControlStore({ sqlite: ":memory:" }, storeOptions);
  const path = await store.backup(folder);
  await store.inventory.insertHost(hostRecord(1));
  const copy = await openControlStore({ sqlite: path }, storeOptions);
  expect(await copy.inventory.findHost(hostIdOf(1))).toBeUndefined();
  await copy.close();
  await store.close();
});
