import type { Kysely } from "kysely";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { Tables } from "./tables.ts";

/** Unpins all keys of a host and keeps them as revoked; answers how many there were. */
export async function turnAwayKeysOf(
  trx: Kysely<Tables>,
  hostId: HostId,
  sinceMs: UnixMs,
): Promise<number> {
  const keys = await trx
    .selectFrom("pinned_keys")
    .select("fingerprint")
    .where("host_id", "=", hostId)
    .orderBy("fingerprint")
    .execute();
  for (const { fingerprint } of keys) await turnAwayKey(trx, fingerprint, "revoked", sinceMs);
  await trx.deleteFrom("pinned_keys").where("host_id", "=", hostId).execute();
  return keys.length;
}

export async function turnAwayKey(
  trx: Kysely<Tables>,
  fingerprint: string,
  why: "revoked" | "dismissed",
  sinceMs: UnixMs,
): Promise<void> {
  const facts = { why, since_ms: sinceMs };
  await trx
    .insertInto("turned_away_keys")
    .values({ fingerprint, ...facts })
    .onConflict((conflict) => conflict.column("fingerprint").doUpdateSet(facts))
    .execute();
}
