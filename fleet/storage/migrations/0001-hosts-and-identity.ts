import type { Kysely } from "kysely";

/** The first tables: places, hosts and their states; tokens, keys, pending machines, sign-ins. */
export async function hostsAndIdentity(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("sites")
    .addColumn("code", "text", (column) => column.primaryKey())
    .addColumn("region", "text", (column) => column.notNull())
    .addColumn("time_zone", "text")
    .addColumn("cell", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("racks")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("region", "text", (column) => column.notNull())
    .addColumn("site", "text", (column) => column.notNull().references("sites.code"))
    .addColumn("row_name", "text", (column) => column.notNull())
    .addColumn("rack", "text", (column) => column.notNull())
    .addColumn("height_units", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("hosts")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull().unique())
    .addColumn("cell", "text", (column) => column.notNull())
    .addColumn("phase", "text", (column) => column.notNull())
    .addColumn("rack_id", "text", (column) => column.references("racks.id"))
    .addColumn("unit", "bigint")
    .addColumn("height_units", "bigint", (column) => column.notNull())
    .addColumn("hardware_class", "text")
    .addColumn("serial", "text")
    .addColumn("simulated", "bigint", (column) => column.notNull())
    .addColumn("adopted", "bigint", (column) => column.notNull())
    .addColumn("generation", "bigint", (column) => column.notNull())
    .addColumn("revision", "bigint", (column) => column.notNull())
    .addColumn("boot_id", "text")
    .addColumn("agent_release", "text")
    .addColumn("created_ms", "bigint", (column) => column.notNull())
    .addColumn("last_report_ms", "bigint")
    .execute();
  await db.schema
    .createIndex("hosts_by_position")
    .unique()
    .on("hosts")
    .columns(["rack_id", "unit"])
    .execute();
  await db.schema
    .createTable("removed_hosts")
    .addColumn("id", "text", (column) => column.primaryKey())
    .execute();
  await db.schema
    .createTable("host_states")
    .addColumn("host_id", "text", (column) =>
      column.primaryKey().references("hosts.id").onDelete("cascade"),
    )
    .addColumn("boot_id", "text")
    .addColumn("revision", "bigint", (column) => column.notNull())
    .addColumn("observed_ms", "bigint", (column) => column.notNull())
    .addColumn("state_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("enrolment_tokens")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("secret_sha256", "text", (column) => column.notNull().unique())
    .addColumn("host_id", "text", (column) => column.notNull())
    .addColumn("host_name", "text")
    .addColumn("position", "text")
    .addColumn("uses_left", "bigint", (column) => column.notNull())
    .addColumn("used_by", "text")
    .addColumn("expires_ms", "bigint", (column) => column.notNull())
    .addColumn("created_ms", "bigint", (column) => column.notNull())
    .addColumn("created_by", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("pinned_keys")
    .addColumn("fingerprint", "text", (column) => column.primaryKey())
    .addColumn("host_id", "text", (column) => column.notNull().references("hosts.id"))
    .addColumn("generation", "bigint", (column) => column.notNull())
    .addColumn("pinned_ms", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("pinned_keys_by_host").on("pinned_keys").column("host_id").execute();
  await db.schema
    .createTable("turned_away_keys")
    .addColumn("fingerprint", "text", (column) => column.primaryKey())
    .addColumn("why", "text", (column) => column.notNull())
    .addColumn("since_ms", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("pending_machines")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("fingerprint", "text", (column) => column.notNull().unique())
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("identity_json", "text", (column) => column.notNull())
    .addColumn("simulated", "bigint", (column) => column.notNull())
    .addColumn("first_seen_ms", "bigint", (column) => column.notNull())
    .addColumn("last_seen_ms", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("people_secrets")
    .addColumn("secret_sha256", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("created_ms", "bigint", (column) => column.notNull())
    .addColumn("expires_ms", "bigint", (column) => column.notNull())
    .addColumn("last_used_ms", "bigint", (column) => column.notNull())
    .execute();
}
