import type { Kysely } from "kysely";

/** Rows as this version finds and leaves them; a later one may have them otherwise. */
interface Then {
  people_secrets: {
    kind: string;
    name: string;
    created_ms: number;
    grants_json: string | null;
  };
  people: {
    name: string;
    display_name: string;
    kind: string;
    disabled: number;
    password_hash: string | null;
    grants_json: string;
    created_ms: number;
    version: number;
  };
}

const every = ["viewer", "operator", "lifecycle", "approver", "security", "auditor"];
const everything = JSON.stringify(every.map((role) => ({ role, scope: "all" })));

/**
 * Who may do what. Until now whoever was signed in could do everything: those who are, and the tokens
 * that were made, keep that; from here on somebody with the role security takes it from them.
 */
export async function people(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("people")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("display_name", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("disabled", "bigint", (column) => column.notNull())
    .addColumn("password_hash", "text")
    .addColumn("grants_json", "text", (column) => column.notNull())
    .addColumn("created_ms", "bigint", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .execute();
  for (const column of ["owner", "grants_json"])
    await db.schema.alterTable("people_secrets").addColumn(column, "text").execute();
  const then = db as Kysely<Then>;
  await then
    .updateTable("people_secrets")
    .set({ grants_json: everything })
    .where("kind", "=", "api-token")
    .execute();
  const known = await then
    .selectFrom("people_secrets")
    .select(["name", (select) => select.fn.min("created_ms").as("created_ms")])
    .where("kind", "in", ["session", "signin-link"])
    .groupBy("name")
    .orderBy("name")
    .execute();
  for (const { name, created_ms } of known)
    await then
      .insertInto("people")
      .values({
        name,
        display_name: name,
        kind: "person",
        disabled: 0,
        password_hash: null,
        grants_json: everything,
        created_ms,
        version: 1,
      })
      .execute();
}
