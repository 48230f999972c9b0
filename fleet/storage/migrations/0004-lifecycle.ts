import type { Kysely } from "kysely";

/** What is done to hosts and by whom: operations, plans, holds, tenants and leases; the audit; who leads. */
export async function lifecycle(db: Kysely<unknown>): Promise<void> {
  for (const [column, usual] of [
    ["watched_only", 0],
    ["epoch", 0],
  ] as const) {
    await db.schema
      .alterTable("hosts")
      .addColumn(column, "bigint", (made) => made.notNull().defaultTo(usual))
      .execute();
  }
  for (const [column, usual] of [
    ["trust", "operated"],
    ["tags", ""],
  ] as const) {
    await db.schema
      .alterTable("hosts")
      .addColumn(column, "text", (made) => made.notNull().defaultTo(usual))
      .execute();
  }
  for (const column of ["op_json", "bmc_mac", "switch_port"]) {
    await db.schema.alterTable("hosts").addColumn(column, "text").execute();
  }
  await db.schema.alterTable("hosts").addColumn("nameplate_watts", "bigint").execute();
  for (const column of ["site", "rule_json"]) {
    await db.schema.alterTable("enrolment_tokens").addColumn(column, "text").execute();
  }
  await db.schema
    .alterTable("enrolment_tokens")
    .addColumn("adopts", "bigint", (made) => made.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable("pending_machines").addColumn("token_id", "text").execute();
  await db.schema
    .alterTable("sites")
    .addColumn("windows_json", "text", (made) => made.notNull().defaultTo("[]"))
    .execute();
  await db.schema
    .alterTable("racks")
    .addColumn("feeds_json", "text", (made) => made.notNull().defaultTo("[]"))
    .execute();
  await db.schema
    .createTable("operations")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("host_id", "text", (column) => column.notNull())
    .addColumn("plan_id", "text")
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("started_ms", "bigint", (column) => column.notNull())
    .addColumn("ended_ms", "bigint")
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("operations_by_host")
    .on("operations")
    .columns(["host_id", "id"])
    .execute();
  await db.schema
    .createIndex("operations_by_plan")
    .on("operations")
    .columns(["plan_id", "id"])
    .execute();
  await db.schema
    .createIndex("operations_by_status")
    .on("operations")
    .columns(["status", "id"])
    .execute();
  await db.schema
    .createTable("plans")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("created_ms", "bigint", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("holds")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("host_id", "text", (column) =>
      column.notNull().references("hosts.id").onDelete("cascade"),
    )
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("holds_by_host").on("holds").columns(["host_id", "id"]).execute();
  await db.schema
    .createTable("tenants")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull().unique())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("leases")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("host_id", "text", (column) => column.notNull())
    .addColumn("tenant_id", "text", (column) => column.notNull().references("tenants.id"))
    .addColumn("share", "text", (column) => column.notNull())
    .addColumn("ended_ms", "bigint")
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("leases_by_host").on("leases").columns(["host_id", "id"]).execute();
  await db.schema
    .createTable("audit")
    .addColumn("seq", "bigint", (column) => column.primaryKey())
    .addColumn("at_ms", "bigint", (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("subject_id", "text", (column) => column.notNull())
    .addColumn("previous_sha256", "text", (column) => column.notNull())
    .addColumn("sha256", "text", (column) => column.notNull())
    .addColumn("entry_json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("audit_by_subject")
    .on("audit")
    .columns(["subject_id", "seq"])
    .execute();
  await db.schema.createIndex("audit_by_time").on("audit").columns(["at_ms", "seq"]).execute();
  await db.schema
    .createTable("leadership")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("holder", "text", (column) => column.notNull())
    .addColumn("term", "bigint", (column) => column.notNull())
    .addColumn("until_ms", "bigint", (column) => column.notNull())
    .execute();
}
