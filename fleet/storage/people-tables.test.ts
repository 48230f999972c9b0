import { DatabaseSync } from "node:sqlite";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { everything } from "#fleet/identity/grants.ts";
import { secretId, type StoredUser } from "#fleet/identity/people-store.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines, storeOptions } from "#test/support/control-stores.ts";
import { type ControlStore, openControlStore } from "./control-store.ts";

const atMs = unixMs(1_000);
const by = { name: "root", reason: "for a test" };
const audit = (action: string) => ({ by, atMs, action, facts: {} });
const person = (name: string, facts: Partial<StoredUser> = {}): StoredUser => ({
  name,
  displayName: name,
  kind: "person",
  isDisabled: false,
  grants: [{ role: "operator", scope: "site=fra2" }],
  passwordHash: null,
  createdMs: atMs,
  version: 1,
  ...facts,
});
const security = [{ role: "security", scope: "all" }] as const;
const secret = (number: number) => number.toString(16).padStart(64, "0");

describeBothEngines("people", (bench) => {
  let store: ControlStore;
  beforeEach(async () => {
    store = await bench.open(await bench.freshPlace());
  });
  const write = (user: StoredUser, before: number, isEnding = false) =>
    store.people.writeUser(user, before, { isEnding, audit: audit("user.write") });

  test("come back as they were written, by name", async () => {
    const ada = person("ada", { grants: security, passwordHash: "$argon2id$…" });
    expect(await write(person("ben"), 0)).toBe("written");
    expect(await write(ada, 0)).toBe("written");
    expect(await store.people.listUsers()).toEqual([ada, person("ben")]);
    expect(await store.people.findUser("eve")).toBeUndefined();
  });

  test("are written over what was read, and over nothing later", async () => {
    await write(person("ada"), 0);
    expect(await write(person("ada", { displayName: "A." }), 0)).toBe("moved");
    expect(await write(person("ada", { displayName: "A.", version: 2 }), 1)).toBe("written");
    expect(await write(person("ada", { displayName: "B.", version: 2 }), 1)).toBe("moved");
  });

  test("have each change in the audit once, also when its answer was lost", async () => {
    await write(person("ada"), 0);
    await write(person("ada"), 0);
    const records = await store.audit.read(1, 9);
    expect(records).toMatchObject([
      { action: "user.write", actor: "root", subject: { id: "ada" } },
    ]);
    expect(records).toHaveLength(1);
  });

  test("keep one who decides, however many are changed at once", async () => {
    for (const name of ["ada", "ben", "cleo"]) await write(person(name, { grants: security }), 0);
    const changes = ["ada", "ben", "cleo"].map((name, number) =>
      write(
        person(name, {
          version: 2,
          ...(number === 1 ? { grants: [] } : { grants: security, isDisabled: true }),
        }),
        1,
      ),
    );
    const answers = await Promise.all(changes);
    expect(answers.filter((answer) => answer === "last-security")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "written")).toHaveLength(2);
    const left = (await store.people.listUsers()).filter(
      ({ isDisabled, grants }) => !isDisabled && grants.length > 0,
    );
    expect(left).toHaveLength(1);
  });

  test("lose their sessions and links with what they may, and not their tokens", async () => {
    await write(person("ada"), 0);
    const shared = { name: "ada", createdMs: atMs, expiresMs: unixMs(9e12), lastUsedMs: atMs };
    for (const [number, kind] of ["session", "signin-link", "api-token"].entries())
      await store.identity.insertSecret({
        ...shared,
        secretSha256: secret(number),
        kind: kind as "session",
        owner: null,
        grants: null,
      });
    await write(person("ada", { version: 2, grants: [] }), 1, true);
    const left = await Promise.all(
      [0, 1, 2].map((number) => store.identity.findSecret(secret(number))),
    );
    expect(left.map((one) => one?.kind)).toEqual([undefined, undefined, "api-token"]);
  });

  test("have tokens that are found and revoked by an id that opens nothing", async () => {
    const token = {
      secretSha256: `ab12${secret(7).slice(4)}`,
      kind: "api-token",
      name: "cron",
      createdMs: atMs,
      expiresMs: unixMs(9_000),
      lastUsedMs: atMs,
      owner: "ada",
      grants: [{ role: "viewer", scope: "tag=web" }],
    } as const;
    await store.people.addToken(token, audit("token.add"));
    expect(await store.people.listTokens()).toEqual([token]);
    for (const id of ["%", "ab12", `${secretId(token.secretSha256)}x`, "________________"])
      expect(await store.people.removeToken(id, audit("token.revoke"))).toBeUndefined();
    const removed = await store.people.removeToken(
      secretId(token.secretSha256),
      audit("token.revoke"),
    );
    expect(removed).toEqual(token);
    expect(await store.people.listTokens()).toEqual([]);
  });
});

test("who was signed in and what had a token before there were roles keeps every role", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wws-people-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "control.sqlite");
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  const kept = join(import.meta.dirname, "kept-databases/version-3.sql");
  database.exec(readFileSync(kept, "utf8"));
  const add = database.prepare(
    "insert into people_secrets values (?, ?, ?, 1000, 9000000000000, 1000)",
  );
  add.run(secret(1), "session", "Ada L.");
  add.run(secret(2), "signin-link", "Ada L.");
  add.run(secret(3), "api-token", "nightly");
  database.close();
  const store = await openControlStore({ sqlite: path }, storeOptions);
  expect(await store.people.findUser("Ada L.")).toMatchObject({
    grants: everything,
    kind: "person",
  });
  expect(await store.identity.findSecret(secret(3))).toMatchObject({
    owner: null,
    grants: everything,
  });
  expect((await store.check()).filter(({ isSound }) => !isSound)).toEqual([]);
  await store.close();
});
