import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CellId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines, storeOptions } from "#test/support/control-stores.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { auditEntry, holdRecord } from "#test/support/life-builders.ts";
import { readStore } from "#test/support/store-contents.ts";
import { type ControlStore, openControlStore } from "./control-store.ts";
import { type Engine, openEngine, type StorePlace } from "./engine.ts";
import { migrate, schemaVersion } from "./migrate.ts";
import { restoreDump } from "./restore-dump.ts";

const kept = join(import.meta.dirname, "kept-databases");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-migrate-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describeBothEngines("a store", (bench) => {
  let place: StorePlace;

  beforeEach(async () => {
    const fresh = await bench.freshPlace();
    place = "sqlite" in fresh ? { sqlite: join(folder, "control.sqlite") } : fresh;
  });

  const engineOn = async (): Promise<Engine> => {
    const engine = await openEngine(place, storeOptions);
    bench.closeLater(() => engine.close());
    return engine;
  };

  const metaOf = async (engine: Engine): Promise<Record<string, string>> => {
    const rows = await engine.db.selectFrom("meta").selectAll().execute();
    return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  };

  test("is made once and says what it is", async () => {
    for (let times = 0; times < 2; times += 1) await (await bench.open(place)).close();
    expect(await metaOf(await engineOn())).toEqual({
      schema_version: String(schemaVersion),
      written_by: "0.1.0",
      cell: "test",
    });
  });

  test("may be opened by several managers at once, also the first time", async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => bench.open(place)));
    for (const store of stores) expect(await store.inventory.listHosts()).toEqual([]);
  });

  test("of a newer release is refused, with both versions and what to do, and left alone", async () => {
    await bench.open(place);
    const engine = await engineOn();
    await engine.db
      .updateTable("meta")
      .set({ value: "7000" })
      .where("key", "=", "schema_version")
      .execute();
    await engine.db
      .updateTable("meta")
      .set({ value: "0.9.2" })
      .where("key", "=", "written_by")
      .execute();
    const before = await metaOf(engine);
    const opening = openControlStore(place, storeOptions);
    await expect(opening).rejects.toMatchObject({ code: "STORE_NEWER" });
    await expect(opening).rejects.toThrow(
      /schema version 7000, written by wws-fleet 0\.9\.2.*wws-fleet 0\.1\.0.*up to \d+\. Start wws-fleet 0\.9\.2 or newer, or restore a backup/s,
    );
    expect(await metaOf(engine)).toEqual(before);
  });

  test("of another cell is refused, and opens for checks that ask for none", async () => {
    await bench.open(place);
    const opening = openControlStore(place, { ...storeOptions, cell: "tokyo" as CellId });
    await expect(opening).rejects.toMatchObject({ code: "STORE_OTHER_CELL" });
    await expect(opening).rejects.toThrow(/cell "test".*cell "tokyo"/);
    const unasked = await openControlStore(place, { ...storeOptions, cell: null });
    expect((await unasked.check()).every(({ isSound }) => isSound)).toBe(true);
    await unasked.close();
    expect((await metaOf(await engineOn()))["cell"]).toBe("test");
  });

  test("is not made in a database that belongs to something else", async () => {
    const engine = await engineOn();
    await engine.db.schema.createTable("invoices").addColumn("id", "text").execute();
    await expect(openControlStore(place, storeOptions)).rejects.toThrow(
      /"invoices".*a database of its own/,
    );
    const tables = await engine.db.introspection.getTables();
    expect(tables.map(({ name }) => name)).toEqual(["invoices"]);
  });

  test("says so when its version is no number", async () => {
    await bench.open(place);
    await (await engineOn()).db.updateTable("meta").set({ value: "one" }).execute();
    await expect(openControlStore(place, storeOptions)).rejects.toMatchObject({
      code: "STORE_DAMAGED",
    });
  });

  test("takes the next step alone, and keeps nothing of one that fails", async () => {
    await bench.open(place);
    const engine = await engineOn();
    const add = (name: string) => async (db: Engine["db"]) => {
      await db.schema.createTable(name).addColumn("id", "text").execute();
    };
    const released = Array.from({ length: schemaVersion }, () => async (): Promise<void> => {
      throw new Error("must not run again");
    });
    const breaks = async (db: Engine["db"]): Promise<void> => {
      await add("half")(db);
      await sql.raw("insert into half values ('x', 'too many')").execute(db);
    };
    const next = { ...storeOptions, release: "0.2.0" };
    const attempt = migrate(engine, { ...next, migrations: [...released, add("whole"), breaks] });
    await expect(attempt).rejects.toMatchObject({ code: "STORE_FAILED" });
    await expect(attempt).rejects.toThrow(`migrate the store to version ${schemaVersion + 2}`);
    expect(await metaOf(engine)).toMatchObject({
      schema_version: String(schemaVersion + 1),
      written_by: "0.2.0",
    });
    const names = (await engine.db.introspection.getTables()).map(({ name }) => name);
    expect(names).toContain("whole");
    expect(names).not.toContain("half");
    const [first] = released;
    const goesOn = [...released, ...(first ? [first] : []), add("third")];
    expect(await migrate(engine, { ...next, migrations: goesOn })).toBe(schemaVersion + 1);
    expect(await metaOf(engine)).toMatchObject({ schema_version: String(schemaVersion + 2) });
  });
});

/** Made by the program of their time, and what it read back then. */
const keptVersions = [1, 3];
const expectedOf = (version: number): object =>
  JSON.parse(readFileSync(join(kept, `version-${version}.expected.json`), "utf8"));

/** Everything that a store of a former version can hold. */
async function readAll(store: ControlStore): Promise<object> {
  const { inventory, health } = store;
  const id = hostIdOf(1);
  return {
    memories: await health.readMemories(),
    events: await health.listEvents(id, { limit: 9, before: null }),
    components: await inventory.listComponents(id),
    changes: await inventory.listComponentChanges(id, 9),
    profile: await inventory.readHardwareProfile("1x-class"),
    ...(await readStore(store)),
  };
}

/** What it had no word for yet, it has none of. */
async function expectNothingOfLater(store: ControlStore): Promise<void> {
  for (const host of await store.inventory.listHosts())
    expect(host).toMatchObject({
      watchedOnly: false,
      trust: "operated",
      op: null,
      epoch: 0,
      tags: [],
      bmcMac: null,
      switchPort: null,
    });
  for (const site of await store.inventory.listSites()) expect(site.windows).toEqual([]);
  for (const rack of await store.inventory.listRacks()) expect(rack.feeds).toEqual([]);
  expect(await store.lifecycle.listOpenOperations()).toEqual([]);
  expect(await store.lifecycle.listHolds()).toEqual([]);
  const actions = (await store.audit.read(1, 9)).map(({ action }) => action);
  expect(actions.filter((action) => action !== "cell.safe-mode")).toEqual([]);
}

/** It is of this release now: what this one brings can be written. */
async function expectWorks(store: ControlStore): Promise<void> {
  const lead = { holder: "m", nowMs: unixMs(1), untilMs: unixMs(2) };
  const { term } = await store.leader.lead(lead);
  const change = { holdsAdded: [holdRecord(1)], term, audit: auditEntry("hold.add") };
  expect(await store.lifecycle.commit(change)).toMatchObject({ ok: true });
  expect((await store.check()).filter(({ isSound }) => !isSound)).toEqual([]);
}

describe.each(keptVersions)("the kept store of version %i", (version) => {
  test("as an SQLite database opens, and everything in it is there", async () => {
    const path = join(folder, "control.sqlite");
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    database.exec(readFileSync(join(kept, `version-${version}.sql`), "utf8"));
    database.close();
    const store = await openControlStore({ sqlite: path }, storeOptions);
    expect(await readAll(store)).toMatchObject(expectedOf(version));
    await expectNothingOfLater(store);
    await expectWorks(store);
    await store.close();
  });
});

describeBothEngines("the kept dumps", (bench) => {
  test.each(keptVersions)(
    "of version %i is restored and brought to this release",
    async (version) => {
      const fresh = await bench.freshPlace();
      const place = "sqlite" in fresh ? { sqlite: join(folder, "control.sqlite") } : fresh;
      await restoreDump(join(kept, `version-${version}.jsonl`), place, storeOptions);
      const store = await bench.open(place);
      expect(await readAll(store)).toMatchObject(expectedOf(version));
      await expectNothingOfLater(store);
      await expectWorks(store);
    },
  );
});

test("an SQLite store is its owner's only, with its log beside it", async () => {
  const path = join(folder, "control.sqlite");
  const store = await openControlStore({ sqlite: path }, storeOptions);
  for (const name of [path, `${path}-wal`, `${path}-shm`])
    expect(statSync(name).mode & 0o777, name).toBe(0o600);
  await store.close();
});

test("a file that is no database is refused, and left alone", async () => {
  const path = join(kept, "version-1.sql");
  const before = readFileSync(path, "utf8");
  await expect(openControlStore({ sqlite: path }, storeOptions)).rejects.toMatchObject({
    code: "STORE_DAMAGED",
  });
  expect(readFileSync(path, "utf8")).toBe(before);
});
