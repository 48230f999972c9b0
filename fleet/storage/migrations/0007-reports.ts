import type { Kysely } from "kysely";

/** What reports of the past are made of, and how the last run of each schedule went. */
export async function reports(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("report_figures")
    .addColumn("day", "text", (column) => column.primaryKey())
    .addColumn("at_ms", "bigint", (column) => column.notNull())
    .addColumn("figures_packed", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("report_runs")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("due_ms", "bigint", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  // What happened to all hosts within a span is asked for, too.
  await db.schema
    .createIndex("host_events_by_time")
    .on("host_events")
    .columns(["at_ms", "id"])
    .execute();
  await db.schema
    .createIndex("component_changes_by_time")
    .on("component_changes")
    .columns(["at_ms", "id"])
    .execute();
}
