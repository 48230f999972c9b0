import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditEntry } from "#test/support/life-builders.ts";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { runCommand } from "#test/support/test-terminal.ts";
import { verifyAudit } from "./verify-audit.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  for (let number = 1; number <= 3; number += 1)
    await world.store.audit.append(auditEntry("hold.add", { facts: { number } }));
});
afterEach(() => world.close());

describe("audit verify --store", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wws-verify-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const verify = async (...argv: string[]) => {
    // Nobody is asked: the manager may be dead.
    return runCommand(world, ["audit", "verify", ...argv], { local: { verifyAudit }, env: {} });
  };

  test("names the row that was edited in a copy of the store, and ends with 1", async () => {
    const path = await world.store.backup(folder);
    expect((await verify("--store", path)).stdout).toMatch(/^whole: 3 records/);
    const database = new DatabaseSync(path);
    database.exec("update audit set actor = 'eve' where seq = 2");
    database.close();
    const edited = await verify("--store", path);
    expect(edited.exitCode).toBe(1);
    expect(edited.stdout).toMatch(/^record 2 edited: .*two things/);
    expect(edited.stderr).toContain("the audit is not whole");
    const json = await verify("--store", path, "-o", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({ records: 1, fault: { seq: 2 } });
  });

  test("says what is wrong with a file that is none", async () => {
    const { exitCode, stderr } = await verify("--store", join(folder, "gone.sqlite"));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^wws-fleet: there is no file .*gone\.sqlite\n$/);
  });
});
