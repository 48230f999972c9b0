import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storeOptions } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord, hostState } from "#test/support/inventory-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { type ControlStore, openControlStore } from "./control-store.ts";
import { openEngine } from "./engine.ts";
import { createInventoryTables } from "./inventory-tables.ts";
import { migrate } from "./migrate.ts";

const clock = createVirtualClock();
let folder: string;
let path: string;
let store: ControlStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wws-sqlite-"));
  path = join(folder, "control.sqlite");
  store = await openControlStore({ sqlite: path }, { ...storeOptions, clock });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a lock of another process is waited for, and nothing else stands still", async () => {
  const other = new DatabaseSync(path);
  other.exec("begin immediate");
  const written = store.inventory.insertHost(hostRecord(1));
  await clock.advance(10_000);
  expect(await store.inventory.listHosts()).toEqual([]);
  other.exec("rollback");
  await clock.advance(10_000);
  expect(await written).toEqual({ ok: true, value: undefined });
  other.close();
});

test("a lock that is never given up is told after 30 s, and nothing was written", async () => {
  const other = new DatabaseSync(path);
  other.exec("begin immediate");
  const failure = store.inventory.insertHost(hostRecord(1)).catch((error: unknown) => error);
  await clock.advance(31_000);
  expect(await failure).toMatchObject({ code: "STORE_UNREACHABLE" });
  other.exec("rollback");
  other.close();
  expect(await store.inventory.listHosts()).toEqual([]);
});

test("a long reader does not hold up the writer, and sees what was there when it began", async () => {
  await store.inventory.insertHost(hostRecord(1));
  const reader = new DatabaseSync(path, { readOnly: true });
  reader.exec("begin");
  const count = () => reader.prepare("select count(*) as hosts from hosts").get()?.["hosts"];
  expect(count()).toBe(1);
  for (let number = 2; number <= 50; number += 1)
    await store.inventory.insertHost(hostRecord(number));
  expect(count()).toBe(1);
  reader.exec("commit");
  expect(count()).toBe(50);
  reader.close();
});

test("a full disk is told, leaves nothing half done, and is over when there is room", async () => {
  const engine = await openEngine({ sqlite: ":memory:" }, { ...storeOptions, clock });
  await migrate(engine, storeOptions);
  const inventory = createInventoryTables(engine, storeOptions.log);
  await inventory.insertHost(hostRecord(1));
  const pages = await sql<{ page_count: number }>`pragma page_count`.execute(engine.db);
  await sql.raw(`pragma max_page_count = ${pages.rows[0]?.page_count}`).execute(engine.db);
  const large = hostState({ revision: 2 }, { hostname: "x".repeat(100_000) });
  const failure = inventory.writeState(hostIdOf(1), large);
  await expect(failure).rejects.toMatchObject({ code: "STORE_FULL" });
  await expect(failure).rejects.toThrow(/make room, it goes on by itself/);
  expect(await inventory.readState(hostIdOf(1))).toBeUndefined();
  expect(await inventory.findHost(hostIdOf(1))).toEqual(hostRecord(1));
  await sql.raw("pragma max_page_count = 100000").execute(engine.db);
  await inventory.writeState(hostIdOf(1), large);
  expect(await inventory.readState(hostIdOf(1))).toEqual(large);
  await engine.close();
});

test("a page that a bad disk changed is refused, with where to read on", async () => {
  for (let number = 1; number <= 200; number += 1)
    await store.inventory.insertHost(hostRecord(number));
  await store.close();
  const database = new DatabaseSync(path);
  database.exec("pragma wal_checkpoint(truncate)");
  database.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, 3 * 4096);
  writeFileSync(path, bytes);
  const failure = openControlStore({ sqlite: path }, { ...storeOptions, clock }).then(
    async (damaged) => {
      try {
        await damaged.inventory.listHosts();
      } finally {
        await damaged.close();
      }
    },
  );
  await expect(failure).rejects.toMatchObject({ code: "STORE_DAMAGED" });
  await expect(failure).rejects.toThrow(/restore a backup: docs\/operating\/store\.md/);
  rmSync(path);
  store = await openControlStore({ sqlite: path }, { ...storeOptions, clock });
});
