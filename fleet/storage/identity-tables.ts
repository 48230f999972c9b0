import type { Transaction } from "kysely";
import type { IdentityStore, PinnedKey } from "#fleet/identity/identity-store.ts";
import type { HostId, KeyFingerprint } from "#proto/vocabulary/ids.ts";
import type { Engine } from "./engine.ts";
import {
  pendingFromRow,
  pendingToRow,
  pinnedFromRow,
  pinnedToRow,
  secretFromRow,
  secretToRow,
  tokenFromRow,
  tokenToRow,
  turnedAwayFromRow,
} from "./identity-rows.ts";
import { turnAwayKey, turnAwayKeysOf } from "./pinned-keys.ts";
import type { Tables } from "./tables.ts";

/** The identity's store on the control store's tables. */
export function createIdentityTables(engine: Engine): IdentityStore {
  const { db, run, transact } = engine;
  return {
    findPinnedKey: (fingerprint) =>
      run("find a pinned key", async () => {
        const row = await db
          .selectFrom("pinned_keys")
          .selectAll()
          .where("fingerprint", "=", fingerprint)
          .executeTakeFirst();
        return row && pinnedFromRow(row);
      }),

    pinKey: (key) => transact("pin a key", (trx) => pinKey(trx, key)),

    pinOnlyKey: (key) =>
      transact("pin the only key of a host", async (trx) => {
        const rows = await trx
          .selectFrom("pinned_keys")
          .select(["fingerprint", "host_id"])
          .where((row) =>
            row.or([row("host_id", "=", key.hostId), row("fingerprint", "=", key.fingerprint)]),
          )
          .execute();
        const isOwn = rows.every(
          (row) => row.fingerprint === key.fingerprint && row.host_id === key.hostId,
        );
        return isOwn ? pinKey(trx, key) : undefined;
      }),

    listPinnedHosts: () =>
      run("list hosts with a key", async () => {
        const rows = await db.selectFrom("pinned_keys").select("host_id").distinct().execute();
        return new Set(rows.map(({ host_id }) => host_id as HostId));
      }),

    unpinHost: (hostId, sinceMs) =>
      transact("unpin a host", (trx) => turnAwayKeysOf(trx, hostId, sinceMs)),

    listRevokedKeys: () =>
      run("list revoked keys", async () => {
        const rows = await db
          .selectFrom("turned_away_keys")
          .select("fingerprint")
          .where("why", "=", "revoked")
          .execute();
        return new Set(rows.map(({ fingerprint }) => fingerprint as KeyFingerprint));
      }),

    findTurnedAway: (fingerprint) =>
      run("find a turned away key", async () => {
        const row = await db
          .selectFrom("turned_away_keys")
          .selectAll()
          .where("fingerprint", "=", fingerprint)
          .executeTakeFirst();
        return row && turnedAwayFromRow(row);
      }),

    insertToken: (token) =>
      run("keep a token", async () => {
        await db
          .insertInto("enrolment_tokens")
          .values(tokenToRow(token))
          .onConflict((conflict) => conflict.column("id").doNothing())
          .execute();
      }),

    findToken: (secretSha256) =>
      run("find a token", async () => {
        const row = await db
          .selectFrom("enrolment_tokens")
          .selectAll()
          .where("secret_sha256", "=", secretSha256)
          .executeTakeFirst();
        return row && tokenFromRow(row);
      }),

    listTokens: () =>
      run("list tokens", async () => {
        const rows = await db
          .selectFrom("enrolment_tokens")
          .selectAll()
          .orderBy("created_ms")
          .orderBy("id")
          .execute();
        return rows.map(tokenFromRow);
      }),

    setTokenRule: (id, rule) =>
      run("set what a token's machines are approved by", async () => {
        const set = await db
          .updateTable("enrolment_tokens")
          .set({ rule_json: rule === null ? null : JSON.stringify(rule) })
          .where("id", "=", id)
          .executeTakeFirst();
        return set.numUpdatedRows === 1n;
      }),

    takeTokenUse: (id, usesLeftBefore, usedBy) =>
      transact("use a token", async (trx) => {
        const usesLeft = usesLeftBefore - 1;
        const used = await trx
          .updateTable("enrolment_tokens")
          .set({ uses_left: usesLeft, used_by: usedBy })
          .where("id", "=", id)
          .where("uses_left", "=", usesLeftBefore)
          .where("uses_left", ">", 0)
          .executeTakeFirst();
        if (used.numUpdatedRows === 1n) return true;
        // The answer to an earlier try may have been lost: then it was this key that took it.
        const row = await trx
          .selectFrom("enrolment_tokens")
          .select(["uses_left", "used_by"])
          .where("id", "=", id)
          .executeTakeFirst();
        return row?.uses_left === usesLeft && row.used_by === usedBy;
      }),

    upsertPending: (pending) =>
      transact("note a pending machine", async (trx) => {
        const { id, fingerprint, first_seen_ms, ...facts } = pendingToRow(pending);
        await trx
          .insertInto("pending_machines")
          .values({ id, fingerprint, first_seen_ms, ...facts })
          .onConflict((conflict) => conflict.column("fingerprint").doUpdateSet(facts))
          .execute();
        await trx.deleteFrom("turned_away_keys").where("fingerprint", "=", fingerprint).execute();
      }),

    findPending: (id) =>
      run("find a pending machine", async () => {
        const row = await db
          .selectFrom("pending_machines")
          .selectAll()
          .where("id", "=", id)
          .executeTakeFirst();
        return row && pendingFromRow(row);
      }),

    findPendingByKey: (fingerprint) =>
      run("find a pending machine by its key", async () => {
        const row = await db
          .selectFrom("pending_machines")
          .selectAll()
          .where("fingerprint", "=", fingerprint)
          .executeTakeFirst();
        return row && pendingFromRow(row);
      }),

    listPending: () =>
      run("list pending machines", async () => {
        const rows = await db
          .selectFrom("pending_machines")
          .selectAll()
          .orderBy("first_seen_ms")
          .orderBy("id")
          .execute();
        return rows.map(pendingFromRow);
      }),

    countPending: () =>
      run("count pending machines", async () => {
        const row = await db
          .selectFrom("pending_machines")
          .select((select) => select.fn.countAll<number>().as("count"))
          .executeTakeFirstOrThrow();
        return row.count;
      }),

    dismissPending: (id, sinceMs) =>
      transact("turn a pending machine away", async (trx) => {
        const row = await trx
          .selectFrom("pending_machines")
          .select("fingerprint")
          .where("id", "=", id)
          .executeTakeFirst();
        if (row === undefined) return false;
        await turnAwayKey(trx, row.fingerprint, "dismissed", sinceMs);
        await trx.deleteFrom("pending_machines").where("id", "=", id).execute();
        return true;
      }),

    removeSilentPending: (lastSeenBeforeMs) =>
      run("forget silent pending machines", async () => {
        const removed = await db
          .deleteFrom("pending_machines")
          .where("last_seen_ms", "<", lastSeenBeforeMs)
          .executeTakeFirst();
        return Number(removed.numDeletedRows);
      }),

    insertSecret: (secret) =>
      run("keep a secret", async () => {
        await db
          .insertInto("people_secrets")
          .values(secretToRow(secret))
          .onConflict((conflict) => conflict.column("secret_sha256").doNothing())
          .execute();
      }),

    findSecret: (secretSha256) =>
      run("find a secret", async () => {
        const row = await db
          .selectFrom("people_secrets")
          .selectAll()
          .where("secret_sha256", "=", secretSha256)
          .executeTakeFirst();
        return row && secretFromRow(row);
      }),

    touchSecret: (secretSha256, lastUsedMs) =>
      run("note a secret's use", async () => {
        await db
          .updateTable("people_secrets")
          .set({ last_used_ms: lastUsedMs })
          .where("secret_sha256", "=", secretSha256)
          .execute();
      }),

    takeSecret: (secretSha256, kind) =>
      run("take a secret", async () => {
        const row = await db
          .deleteFrom("people_secrets")
          .where("secret_sha256", "=", secretSha256)
          .where("kind", "=", kind)
          .returningAll()
          .executeTakeFirst();
        return row && secretFromRow(row);
      }),

    removeExpired: ({ secretsMs, tokensMs }) =>
      transact("forget what is over", async (trx) => {
        const secrets = await trx
          .deleteFrom("people_secrets")
          .where("expires_ms", "<=", secretsMs)
          .executeTakeFirst();
        const tokens = await trx
          .deleteFrom("enrolment_tokens")
          .where("expires_ms", "<=", tokensMs)
          .executeTakeFirst();
        return Number(secrets.numDeletedRows + tokens.numDeletedRows);
      }),
  };
}

/** The key stops waiting, and is no longer turned away. */
async function pinKey(trx: Transaction<Tables>, key: PinnedKey): Promise<PinnedKey> {
  await trx
    .insertInto("pinned_keys")
    .values(pinnedToRow(key))
    .onConflict((conflict) => conflict.column("fingerprint").doNothing())
    .execute();
  const { fingerprint } = key;
  await trx.deleteFrom("pending_machines").where("fingerprint", "=", fingerprint).execute();
  await trx.deleteFrom("turned_away_keys").where("fingerprint", "=", fingerprint).execute();
  const row = await trx
    .selectFrom("pinned_keys")
    .selectAll()
    .where("fingerprint", "=", fingerprint)
    .executeTakeFirstOrThrow();
  return pinnedFromRow(row);
}
