import type { Kysely } from "kysely";

/** What is wrong, who was told of it, and who need not be: domain events, alerts, silences, deliveries. */
export async function alerts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("domain_events")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("ended_ms", "bigint")
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("alerts")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("alert_key", "text", (column) => column.notNull())
    .addColumn("severity", "text", (column) => column.notNull())
    .addColumn("opened_ms", "bigint", (column) => column.notNull())
    .addColumn("resolved_ms", "bigint")
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("alerts_by_resolved")
    .on("alerts")
    .columns(["resolved_ms", "id"])
    .execute();
  await db.schema
    .createTable("silences")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("until_ms", "bigint", (column) => column.notNull())
    .addColumn("ended_ms", "bigint")
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("deliveries")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("alert_id", "text", (column) => column.notNull())
    .addColumn("channel", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("settled_ms", "bigint")
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("deliveries_by_alert")
    .on("deliveries")
    .columns(["alert_id", "id"])
    .execute();
  await db.schema
    .createIndex("deliveries_by_settled")
    .on("deliveries")
    .columns(["settled_ms", "id"])
    .execute();
  await db.schema
    .createIndex("deliveries_by_channel")
    .on("deliveries")
    .columns(["channel", "state", "settled_ms"])
    .execute();
}
