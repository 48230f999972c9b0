import type { ExpressionBuilder, Kysely } from "kysely";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type {
  HostRemoval,
  InventoryConflict,
  InventoryStore,
} from "#fleet/inventory/inventory-store.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { createComponentTables } from "./component-tables.ts";
import type { Engine } from "./engine.ts";
import { applyEstate } from "./estate-tables.ts";
import { classifyEngineError } from "./engine-error.ts";
import {
  hostFromRow,
  hostToRow,
  rackFromRow,
  rackIdOf,
  rackToRow,
  sameHostRow,
  siteFromRow,
  siteToRow,
} from "./inventory-rows.ts";
import { turnAwayKeysOf } from "./pinned-keys.ts";
import { StoreError } from "./store-error.ts";
import { parseStoredState } from "./stored-json.ts";
import type { Tables } from "./tables.ts";

/** The inventory's store on the control store's tables. */
export function createInventoryTables(engine: Engine, log: Log): InventoryStore {
  const { db, run, transact } = engine;
  return {
    ...createComponentTables(engine, log),
    listHosts: () =>
      run("list hosts", async () => {
        const rows = await selectHosts(db).orderBy("hosts.id").execute();
        return rows.map(hostFromRow);
      }),
    findHost: (id) =>
      run("find a host", async () => {
        const row = await selectHosts(db).where("hosts.id", "=", id).executeTakeFirst();
        return row && hostFromRow(row);
      }),
    findHostByName: (name) =>
      run("find a host by name", async () => {
        const row = await selectHosts(db).where("hosts.name", "=", name).executeTakeFirst();
        return row && hostFromRow(row);
      }),
    insertHost: (record) => insertHost(engine, record),
    updateHost: (record, expectedRevision) => updateHost(engine, record, expectedRevision),
    removeHost: (id) => removeHost(engine, id),
    writeState: (hostId, state) =>
      transact("write a host's state", async (trx) => {
        const host = await trx
          .selectFrom("hosts")
          .select("boot_id")
          .where("id", "=", hostId)
          .executeTakeFirst();
        if (host === undefined) return;
        const known = await trx
          .selectFrom("host_states")
          .select(["boot_id", "revision", "observed_ms"])
          .where("host_id", "=", hostId)
          .executeTakeFirst();
        if (
          known !== undefined &&
          known.boot_id === host.boot_id &&
          state.revision < known.revision &&
          state.observedMs <= known.observed_ms
        )
          return;
        const facts = {
          boot_id: host.boot_id,
          revision: state.revision,
          observed_ms: state.observedMs,
          state_json: JSON.stringify(state),
        };
        await trx
          .insertInto("host_states")
          .values({ host_id: hostId, ...facts })
          .onConflict((conflict) => conflict.column("host_id").doUpdateSet(facts))
          .execute();
      }),
    readState: (hostId) =>
      run("read a host's state", async () => {
        const row = await db
          .selectFrom("host_states")
          .select("state_json")
          .where("host_id", "=", hostId)
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const state = parseStoredState(row.state_json);
        // Not fatal: the agent is asked for its state again when it next connects.
        if (state === undefined) log.error({ hostId }, "stored host state cannot be understood");
        return state;
      }),
    listSites: () =>
      run("list sites", async () => {
        const rows = await db.selectFrom("sites").selectAll().orderBy("code").execute();
        return rows.map(siteFromRow);
      }),
    upsertSite: (site) =>
      run("write a site", async () => {
        const { code, ...facts } = siteToRow(site);
        await db
          .insertInto("sites")
          .values({ code, ...facts })
          .onConflict((conflict) => conflict.column("code").doUpdateSet(facts))
          .execute();
      }),
    listRacks: () =>
      run("list racks", async () => {
        const rows = await db.selectFrom("racks").selectAll().orderBy("id").execute();
        return rows.map(rackFromRow);
      }),
    upsertRack: (rack) =>
      run("write a rack", async () => {
        const { id, ...facts } = rackToRow(rack);
        await db
          .insertInto("racks")
          .values({ id, ...facts })
          .onConflict((conflict) => conflict.column("id").doUpdateSet(facts))
          .execute();
      }),
    applyEstate: (write) => applyEstate(engine, write),
  };
}

function selectHosts(db: Kysely<Tables>) {
  return db
    .selectFrom("hosts")
    .leftJoin("racks", "racks.id", "hosts.rack_id")
    .selectAll("hosts")
    .select(["racks.region", "racks.site", "racks.row_name", "racks.rack"]);
}

type Outcome = Promise<Result<void, InventoryConflict>>;

function insertHost(engine: Engine, record: HostRecord): Outcome {
  const row = hostToRow(record);
  return explained(engine, record, () =>
    engine.transact("add a host", async (trx) => {
      const removed = await trx
        .selectFrom("removed_hosts")
        .select("id")
        .where("id", "=", record.id)
        .executeTakeFirst();
      if (removed !== undefined)
        throw new StoreError("STORE_FAILED", `host id ${record.id} belonged to a removed host`);
      const known = await trx
        .selectFrom("hosts")
        .selectAll()
        .where("id", "=", record.id)
        .executeTakeFirst();
      // The answer to an earlier, equal write was lost: it is done.
      if (known !== undefined && sameHostRow(known, row)) return ok(undefined);
      if (known !== undefined)
        return fail({ kind: "revision-moved", expected: 0, found: known.revision });
      const conflict = await findConflict(trx, record);
      if (conflict !== undefined) return fail(conflict);
      await trx.insertInto("hosts").values(row).execute();
      return ok(undefined);
    }),
  );
}

function updateHost(engine: Engine, record: HostRecord, expected: number): Outcome {
  const { id, ...facts } = hostToRow(record);
  return explained(engine, record, () =>
    engine.transact("change a host", async (trx) => {
      const known = await trx
        .selectFrom("hosts")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      if (known !== undefined && sameHostRow(known, { id, ...facts })) return ok(undefined);
      const found = known?.revision ?? null;
      if (found !== expected) return fail({ kind: "revision-moved", expected, found });
      const conflict = await findConflict(trx, record);
      if (conflict !== undefined) return fail(conflict);
      await trx.updateTable("hosts").set(facts).where("id", "=", id).execute();
      return ok(undefined);
    }),
  );
}

/** A unique key said no although nobody was seen: another manager was faster. Who was it? */
async function explained(engine: Engine, record: HostRecord, write: () => Outcome): Outcome {
  try {
    return await write();
  } catch (cause) {
    const isConflict =
      cause instanceof StoreError && classifyEngineError(cause.cause) === "conflict";
    const conflict = isConflict
      ? await engine.run("find who was faster", () => findConflict(engine.db, record))
      : undefined;
    if (conflict === undefined) throw cause;
    return fail(conflict);
  }
}

/** Another host that has its name or stands where it would; undefined: none. */
export async function findConflict(
  db: Kysely<Tables>,
  record: HostRecord,
): Promise<InventoryConflict | undefined> {
  const others = db.selectFrom("hosts").select("name").where("id", "!=", record.id);
  const sameName = await others.where("name", "=", record.name).executeTakeFirst();
  if (sameName !== undefined) return { kind: "name-taken", name: record.name };
  const { position } = record;
  if (position === null) return undefined;
  const inTheWay = await others
    .where("rack_id", "=", rackIdOf(position))
    .where("unit", "<", position.unit + record.heightUnits)
    .where((row: ExpressionBuilder<Tables, "hosts">) =>
      row(row("unit", "+", row.ref("height_units")), ">", position.unit),
    )
    .orderBy("unit")
    .executeTakeFirst();
  if (inTheWay === undefined) return undefined;
  return { kind: "position-taken", position: formatPlace(record), by: inTheWay.name };
}

function formatPlace({ position }: HostRecord): string {
  if (position === null) return "";
  const unit = String(position.unit).padStart(2, "0");
  return `${position.region}/${rackIdOf(position)}/u${unit}`;
}

/**
 * Its keys go with it, or a host that is not in the inventory would be let in. Whatever begins on a host
 * locks its row first, so nothing can begin between the look and the deletion.
 */
function removeHost({ kind, transact, nowUnixMs }: Engine, id: HostId): Promise<HostRemoval> {
  return transact("remove a host", async (trx) => {
    const query = trx.selectFrom("hosts").select("id").where("id", "=", id);
    const found = await (kind === "postgres" ? query.forUpdate() : query).executeTakeFirst();
    if (found !== undefined && (await isInUse(trx, id))) return "in-use";
    await turnAwayKeysOf(trx, id, nowUnixMs());
    if (found === undefined) return "unknown";
    await trx.deleteFrom("hosts").where("id", "=", id).execute();
    await trx.insertInto("removed_hosts").values({ id }).execute();
    return "removed";
  });
}

async function isInUse(trx: Kysely<Tables>, id: HostId): Promise<boolean> {
  const open = await trx
    .selectFrom("operations")
    .select("id")
    .where("host_id", "=", id)
    .where("status", "in", ["running", "paused"])
    .executeTakeFirst();
  if (open !== undefined) return true;
  const lease = await trx
    .selectFrom("leases")
    .select("id")
    .where("host_id", "=", id)
    .where("ended_ms", "is", null)
    .executeTakeFirst();
  return lease !== undefined;
}
