import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AuditVerdict, readChain, verifyChain } from "#fleet/audit/verify.ts";
import { describeBothEngines, storeOptions } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { auditEntry, holdRecord } from "#test/support/life-builders.ts";
import { createAuditHeadsFile } from "./audit-heads-file.ts";
import { readAuditFile, readHeadsBeside } from "./audit-offline.ts";
import { createAuditTables } from "./audit-tables.ts";
import { writeDump } from "./dump.ts";
import { type Engine, openEngine } from "./engine.ts";
import { createInventoryTables } from "./inventory-tables.ts";
import { createLifeTables } from "./life-tables.ts";
import { migrate } from "./migrate.ts";

const longest = 12;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-audit-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function openFilled(engine: Engine): Promise<void> {
  await migrate(engine, storeOptions);
  const audit = createAuditTables(engine);
  await createInventoryTables(engine, storeOptions.log).insertHost(hostRecord(1));
  for (let number = 1; number < longest; number += 1)
    await audit.append(
      auditEntry("session.signin", {
        actor: number % 2 === 0 ? "bob" : "ada\u0000 'ünï'",
        outcome: "denied",
        facts: { number },
      }),
    );
  await createLifeTables(engine).commit({
    holdsAdded: [holdRecord(1)],
    term: 0,
    audit: auditEntry("hold.add", { subject: { ...auditEntry("x").subject, id: "h" } }),
  });
}

describeBothEngines("the store of the audit", (bench) => {
  let engine: Engine;

  beforeEach(async () => {
    engine = await openEngine(await bench.freshPlace(), storeOptions);
    bench.closeLater(() => engine.close());
    await openFilled(engine);
  });

  const verify = async (): Promise<AuditVerdict> =>
    verifyChain(readChain(createAuditTables(engine), engine.breathe), []);
  const exec = (text: string) => sql.raw(text).execute(engine.db);

  test("appends in one chain, whoever writes", async () => {
    const records = await createAuditTables(engine).read(1, 99);
    expect(records.map(({ seq }) => seq)).toEqual(
      Array.from({ length: longest }, (_, index) => index + 1),
    );
    expect(records[0]?.actor).toBe("ada\ufffd 'ünï'");
    expect(await verify()).toMatchObject({ records: longest, fault: null });
  });

  test("writes two equal denials twice: they were two", async () => {
    const audit = createAuditTables(engine);
    const twin = auditEntry("session.signin", { outcome: "denied" });
    const both = await Promise.all([audit.append(twin), audit.append(twin)]);
    expect(new Set(both.map(({ seq }) => seq))).toEqual(new Set([longest + 1, longest + 2]));
  });

  test("lists newest first, page by page, of a subject or an actor", async () => {
    const audit = createAuditTables(engine);
    const list = async (ask: object) =>
      (await audit.list({ beforeSeq: null, limit: 99, ...ask })).map(({ seq }) => seq);
    expect(await list({ limit: 3 })).toEqual([12, 11, 10]);
    expect(await list({ limit: 3, beforeSeq: 10 })).toEqual([9, 8, 7]);
    expect(await list({ actor: "bob", beforeSeq: 6 })).toEqual([4, 2]);
    expect(await list({ subjectId: "h" })).toEqual([12]);
    expect(await list({ subjectId: hostIdOf(1), limit: 1 })).toEqual([11]);
  });

  test.each([
    ["its actor", "update audit set actor = 'eve' where seq = 7", "edited", 7],
    ["what it says", "update audit set entry_json = '{}' where seq = 7", "edited", 7],
    [
      "one word in it",
      "update audit set entry_json = replace(entry_json, 'denied', 'done') where seq = 7",
      "edited",
      7,
    ],
    ["its hash", `update audit set sha256 = '${"0".repeat(64)}' where seq = 7`, "edited", 7],
    ["a row that is gone", "delete from audit where seq = 7", "deleted", 7],
    ["the first rows", "delete from audit where seq < 4", "deleted", 1],
    [
      "two rows that changed places",
      "update audit set seq = seq + 100 where seq in (5, 9); update audit set seq = 9 where seq = 105; update audit set seq = 5 where seq = 109",
      "reordered",
      5,
    ],
  ])("names the row that was changed in the database: %s", async (_, text, kind, seq) => {
    for (const statement of text.split("; ")) await exec(statement);
    expect((await verify()).fault).toMatchObject({ kind, seq });
  });

  test("refuses a secret, and then nothing of the change is written", async () => {
    const life = createLifeTables(engine);
    const bad = life.commit({
      holdsAdded: [holdRecord(2)],
      term: 0,
      audit: auditEntry("hold.add", { facts: { bmcPassword: "hunter2" } }),
    });
    await expect(bad).rejects.toThrow("named like a secret");
    expect(await life.listHolds()).toHaveLength(1);
    expect(await verify()).toMatchObject({ records: longest });
  });

  test("is verified from a file without a manager", async () => {
    const path = join(folder, "control");
    if (engine.file === null) await writeDump(engine, path, "0.1.0");
    else await engine.file.copyTo(path);
    expect(readHeadsBeside(path, null)).toEqual({ path: null, heads: [] });
    const whole = await verifyChain(readAuditFile(path), []);
    expect(whole).toMatchObject({ records: longest, fault: null });
    createAuditHeadsFile(folder).write([{ seq: longest + 1, sha256: "a".repeat(64), atMs: 1 }]);
    const { heads } = readHeadsBeside(path, null);
    expect((await verifyChain(readAuditFile(path), heads)).fault).toMatchObject({
      kind: "cut",
      seq: longest + 1,
    });
  });
});

describe("a file that is verified without a manager", () => {
  const read = async (path: string) => verifyChain(readAuditFile(path), []);

  test("names the row whatever a hand has put into it, and is not changed", async () => {
    const path = join(folder, "control.sqlite");
    const engine = await openEngine({ sqlite: path }, storeOptions);
    await openFilled(engine);
    await sql.raw("update audit set actor = x'00ff' where seq = 3").execute(engine.db);
    expect((await read(path)).fault).toMatchObject({ kind: "edited", seq: 3 });
    await engine.close();
    expect((await read(path)).fault).toMatchObject({ kind: "edited", seq: 3 });
  });

  test("and that nobody has open is left as it lay, with nothing beside it", async () => {
    const path = join(folder, "a #? store.sqlite");
    const engine = await openEngine({ sqlite: path }, storeOptions);
    await openFilled(engine);
    await engine.close();
    const before = [readdirSync(folder), readFileSync(path)];
    expect(await read(path)).toMatchObject({ records: longest, fault: null });
    expect([readdirSync(folder), readFileSync(path)]).toEqual(before);
  });

  test.each([
    ["is not there", null, /there is no file/],
    ["is none", "hello\n", /cannot be restored/],
    ["is half a database", "SQLite format 3\u0000 and no more", /cannot be read/],
  ])("and %s is refused with words", async (_, content, words) => {
    const path = join(folder, "control.sqlite");
    if (content !== null) writeFileSync(path, content);
    await expect(read(path)).rejects.toThrow(words);
  });

  test("heads that are none are refused", () => {
    writeFileSync(join(folder, "audit-head.json"), '{"heads":[{"seq":0}]}');
    expect(() => readHeadsBeside(join(folder, "x"), null)).toThrow("no heads of the audit");
    expect(() => createAuditHeadsFile(folder).read()).toThrow("no heads of the audit");
  });
});
