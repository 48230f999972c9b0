import type { Transaction } from "kysely";
import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import { cleanEntry } from "#fleet/audit/clean-entry.ts";
import { mayAt } from "#fleet/identity/grants.ts";
import {
  type PeopleAudit,
  type PeopleStore,
  secretId,
  type StoredUser,
} from "#fleet/identity/people-store.ts";
import { appendEntry } from "./audit-tables.ts";
import type { Engine } from "./engine.ts";
import { secretFromRow, secretToRow } from "./identity-rows.ts";
import { userFromRow, userToRow } from "./people-rows.ts";
import type { Tables } from "./tables.ts";

/** The people's store on the control store's tables. */
export function createPeopleTables({ db, run, inTurn }: Engine): PeopleStore {
  return {
    listUsers: () =>
      run("list people", async () => {
        const rows = await db.selectFrom("people").selectAll().orderBy("name").execute();
        return rows.map(userFromRow);
      }),

    findUser: (name) =>
      run("find a person", async () => {
        const row = await db
          .selectFrom("people")
          .selectAll()
          .where("name", "=", name)
          .executeTakeFirst();
        return row && userFromRow(row);
      }),

    writeUser: (user, expectedVersion, { isEnding, audit }) =>
      inTurn("write a person", async (trx) => {
        const all = await readUsers(trx);
        const before = all.find(({ name }) => name === user.name);
        // The answer to an earlier try may have been lost: then it stands already.
        if (before !== undefined && sameText(before, user)) return "written";
        if ((before?.version ?? 0) !== expectedVersion) return "moved";
        const others = all.filter(({ name }) => name !== user.name);
        if (before !== undefined && keepsSecurity(before) && ![...others, user].some(keepsSecurity))
          return "last-security";
        const row = userToRow(user);
        await trx
          .insertInto("people")
          .values(row)
          .onConflict((conflict) => conflict.column("name").doUpdateSet(row))
          .execute();
        if (isEnding)
          await trx
            .deleteFrom("people_secrets")
            .where("name", "=", user.name)
            .where("kind", "in", ["session", "signin-link"])
            .execute();
        await appendEntry(trx, entryOf("person", user.name, user.name, audit));
        return "written";
      }),

    listTokens: () =>
      run("list API tokens", async () => {
        const rows = await db
          .selectFrom("people_secrets")
          .selectAll()
          .where("kind", "=", "api-token")
          .orderBy("created_ms")
          .orderBy("secret_sha256")
          .execute();
        return rows.map(secretFromRow);
      }),

    addToken: (token, audit) =>
      inTurn("keep an API token", async (trx) => {
        const added = await trx
          .insertInto("people_secrets")
          .values(secretToRow(token))
          .onConflict((conflict) => conflict.column("secret_sha256").doNothing())
          .executeTakeFirst();
        if (added.numInsertedOrUpdatedRows !== 1n) return;
        const id = secretId(token.secretSha256);
        await appendEntry(trx, entryOf("token", id, token.name, audit));
      }),

    removeToken: (id, audit) =>
      inTurn("revoke an API token", async (trx) => {
        if (!/^[0-9a-f]{16}$/.test(id)) return undefined;
        const row = await trx
          .selectFrom("people_secrets")
          .selectAll()
          .where("kind", "=", "api-token")
          .where("secret_sha256", "like", `${id}%`)
          .orderBy("secret_sha256")
          .executeTakeFirst();
        if (row === undefined) return undefined;
        await trx
          .deleteFrom("people_secrets")
          .where("secret_sha256", "=", row.secret_sha256)
          .execute();
        await appendEntry(trx, entryOf("token", id, row.name, audit));
        return secretFromRow(row);
      }),
  };
}

async function readUsers(trx: Transaction<Tables>): Promise<readonly StoredUser[]> {
  const rows = await trx.selectFrom("people").selectAll().orderBy("name").execute();
  return rows.map(userFromRow);
}

function sameText(one: StoredUser, other: StoredUser): boolean {
  return JSON.stringify(userToRow(one)) === JSON.stringify(userToRow(other));
}

function keepsSecurity({ isDisabled, kind, grants }: StoredUser): boolean {
  return !isDisabled && kind === "person" && mayAt(grants, "people", null);
}

function entryOf(
  kind: "person" | "token",
  id: string,
  name: string,
  { by, atMs, action, facts }: PeopleAudit,
): AuditEntry {
  return cleanEntry({
    atMs,
    actor: by.name,
    actorKind: "person",
    action,
    outcome: "done",
    subject: { kind, id, name, serial: null, rack: null },
    reason: by.reason === "" ? null : by.reason,
    planHash: null,
    facts,
  });
}
