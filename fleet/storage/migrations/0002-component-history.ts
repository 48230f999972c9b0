import type { Kysely } from "kysely";

/** Components with their past, what changed when, and what a host of a class should have. */
export async function componentHistory(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("components")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("host_id", "text", (column) =>
      column.notNull().references("hosts.id").onDelete("cascade"),
    )
    .addColumn("component_key", "text", (column) => column.notNull())
    .addColumn("component_json", "text", (column) => column.notNull())
    .addColumn("first_seen_ms", "bigint", (column) => column.notNull())
    .addColumn("gone_ms", "bigint")
    .execute();
  await db.schema.createIndex("components_by_host").on("components").column("host_id").execute();
  await db.schema
    .createTable("component_changes")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("host_id", "text", (column) =>
      column.notNull().references("hosts.id").onDelete("cascade"),
    )
    .addColumn("number", "bigint", (column) => column.notNull())
    .addColumn("at_ms", "bigint", (column) => column.notNull())
    .addColumn("boot_id", "text")
    .addColumn("change_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("component_changes_by_host")
    .on("component_changes")
    .columns(["host_id", "number"])
    .execute();
  await db.schema
    .createTable("hardware_classes")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("profile_json", "text", (column) => column.notNull())
    .addColumn("since_ms", "bigint", (column) => column.notNull())
    .execute();
}
