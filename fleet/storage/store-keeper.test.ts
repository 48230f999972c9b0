import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storeOptions } from "#test/support/control-stores.ts";
import { fillStore, readStore } from "#test/support/store-contents.ts";
import { createTestAuthority } from "#test/support/test-peers.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { auditHeadsFileName, createAuditHeadsFile } from "./audit-heads-file.ts";
import { authorityFileName, createAuthorityFile } from "./authority-file.ts";
import { type ControlStore, openControlStore } from "./control-store.ts";
import { createStoreKeeper, type StoreKeeper } from "./store-keeper.ts";

const clock = createVirtualClock();
let dataFolder: string;
let telemetryFolder: string;
let store: ControlStore;
let keeper: StoreKeeper;

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), "wws-keeper-"));
  telemetryFolder = join(dataFolder, "telemetry");
  mkdirSync(telemetryFolder);
  writeFileSync(join(telemetryFolder, "log-1"), "one");
  writeFileSync(join(telemetryFolder, "log-2"), "two".repeat(1_000_000));
  createTestAuthority(clock, { file: createAuthorityFile(dataFolder) });
  store = await openControlStore({ sqlite: join(dataFolder, "control.sqlite") }, storeOptions);
  await fillStore(store);
  createAuditHeadsFile(dataFolder).write([{ seq: 2, sha256: "a".repeat(64), atMs: 1 }]);
  keeper = createStoreKeeper({ dataFolder, store, clock, checkMore: async () => [] });
});

afterEach(async () => {
  await store.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

test("a backup has everything, in a folder named for its second, its owner's only", async () => {
  const made = await keeper.backup();
  expect(made.folder).toBe(join(dataFolder, "backups", "2026-11-02T08-00-00Z"));
  expect(made.files).toBe(5);
  expect(readdirSync(made.folder).sort()).toEqual([
    auditHeadsFileName,
    authorityFileName,
    "control.sqlite",
    "telemetry",
  ]);
  expect(readdirSync(join(made.folder, "telemetry")).sort()).toEqual(["log-1", "log-2"]);
  for (const name of ["log-1", "log-2"])
    expect(
      readFileSync(join(made.folder, "telemetry", name)).equals(
        readFileSync(join(telemetryFolder, name)),
      ),
    ).toBe(true);
  const names = [auditHeadsFileName, authorityFileName, "control.sqlite"];
  const sizes = [...names, "telemetry/log-1", "telemetry/log-2"].map((name) =>
    statSync(join(made.folder, name)),
  );
  expect(made.bytes).toBe(sizes.reduce((sum, { size }) => sum + size, 0));
  for (const { mode } of sizes) expect(mode & 0o777).toBe(0o600);
  expect(statSync(made.folder).mode & 0o777).toBe(0o700);
});

test("a backup is a data folder again", async () => {
  const made = await keeper.backup();
  const again = await openControlStore(
    { sqlite: join(made.folder, "control.sqlite") },
    storeOptions,
  );
  expect(await readStore(again)).toEqual(await readStore(store));
  await again.close();
  const authority = createTestAuthority(clock, { file: createAuthorityFile(made.folder) });
  const own = createTestAuthority(clock, { file: createAuthorityFile(dataFolder) });
  expect(authority.keySha256).toBe(own.keySha256);
});

test("what the telemetry writes or removes meanwhile does not change a backup", async () => {
  const making = keeper.backup();
  appendFileSync(join(telemetryFolder, "log-1"), " and more");
  unlinkSync(join(telemetryFolder, "log-2"));
  writeFileSync(join(telemetryFolder, "log-3"), "three");
  const made = await making;
  const copies = join(made.folder, "telemetry");
  expect(readdirSync(copies).sort()).toEqual(["log-1", "log-2"]);
  expect(readFileSync(join(copies, "log-1"), "utf8")).toBe("one");
  expect(statSync(join(copies, "log-2")).size).toBe(3_000_000);
  appendFileSync(join(copies, "log-1"), "!");
  expect(readFileSync(join(telemetryFolder, "log-1"), "utf8")).toBe("one and more");
});

test("two backups in one second have a folder each", async () => {
  const [first, second] = [await keeper.backup(), await keeper.backup()];
  expect(second.folder).toBe(`${first.folder}-2`);
});

test("a backup that fails leaves nothing behind", async () => {
  const failing = createStoreKeeper({
    dataFolder,
    store: {
      ...store,
      backup: async () => {
        throw new Error("no");
      },
    },
    clock,
    checkMore: async () => [],
  });
  await expect(failing.backup()).rejects.toThrow("no");
  expect(readdirSync(join(dataFolder, "backups"))).toEqual([]);
});

test("a check is sound when all that was looked at is", async () => {
  expect(await keeper.check()).toMatchObject({ isSound: true });
  const finding = { what: "telemetry", isSound: false, detail: "log-1 is cut" };
  const worried = createStoreKeeper({
    dataFolder,
    store,
    clock,
    checkMore: async () => [finding],
  });
  const found = await worried.check();
  expect(found.isSound).toBe(false);
  expect(found.checks.at(-1)).toEqual(finding);
});
