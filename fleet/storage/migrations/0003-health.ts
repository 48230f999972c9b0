import type { Kysely } from "kysely";

/** What health remembers of each host, and what happened to it. */
export async function health(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("host_health")
    .addColumn("host_id", "text", (column) =>
      column.primaryKey().references("hosts.id").onDelete("cascade"),
    )
    .addColumn("memory_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("host_events")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("host_id", "text", (column) =>
      column.notNull().references("hosts.id").onDelete("cascade"),
    )
    .addColumn("at_ms", "bigint", (column) => column.notNull())
    .addColumn("event_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("host_events_by_host")
    .on("host_events")
    .columns(["host_id", "id"])
    .execute();
}
