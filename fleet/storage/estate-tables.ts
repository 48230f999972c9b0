import type { Transaction } from "kysely";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { EstateConflict, EstateWrite } from "#fleet/inventory/inventory-store.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Engine } from "./engine.ts";
import { classifyEngineError } from "./engine-error.ts";
import type { HostRow } from "./inventory-columns.ts";
import { hostToRow, rackToRow, sameHostRow, siteToRow } from "./inventory-rows.ts";
import { StoreError } from "./store-error.ts";
import type { Tables } from "./tables.ts";

/** Rows of one statement: 28 columns of 500 hosts stay below both engines' bound of parameters. */
const rowsMax = 500;

/**
 * Writes a whole file or nothing. Everything is looked at before the first row is written, in the
 * same transaction, so that a refusal leaves nothing to take back.
 */
export async function applyEstate(
  engine: Engine,
  write: EstateWrite,
): Promise<Result<void, EstateConflict>> {
  try {
    return await engine.transact("write a file of the estate", async (trx) => {
      const standing = await readHosts(trx, [
        ...write.added.map(({ id }) => id),
        ...write.changed.map(({ record }) => record.id),
      ]);
      if (await isDone(trx, write, standing)) return ok(undefined);
      const conflict = (await findMoved(trx, write, standing)) ?? (await findInTheWay(trx, write));
      if (conflict !== undefined) return fail(conflict);
      await writeAll(trx, write, standing);
      return ok(undefined);
    });
  } catch (cause) {
    // A unique key said no although nobody was seen: another manager was faster.
    if (cause instanceof StoreError && classifyEngineError(cause.cause) === "conflict")
      return fail({ kind: "estate-moved", what: "a name or a place" });
    throw cause;
  }
}

type Standing = ReadonlyMap<string, HostRow>;

async function readHosts(trx: Transaction<Tables>, ids: readonly string[]): Promise<Standing> {
  const found = new Map<string, HostRow>();
  for (const part of parts(ids)) {
    const rows = await trx.selectFrom("hosts").selectAll().where("id", "in", part).execute();
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

/** The answer to an earlier, equal write was lost. */
async function isDone(
  trx: Transaction<Tables>,
  write: EstateWrite,
  standing: Standing,
): Promise<boolean> {
  const hosts = [...write.added, ...write.changed.map(({ record }) => record)];
  const isEvery = hosts.every((host) => {
    const row = standing.get(host.id);
    return row !== undefined && sameHostRow(row, hostToRow(host));
  });
  if (!isEvery) return false;
  const asWritten = {
    sites: write.sites.map(({ record }) => ({ record, before: record })),
    racks: write.racks.map(({ record }) => ({ record, before: record })),
  };
  return (await findMovedPlace(trx, asWritten)) === undefined;
}

async function findMoved(
  trx: Transaction<Tables>,
  write: EstateWrite,
  standing: Standing,
): Promise<EstateConflict | undefined> {
  for (const { record, expectedRevision } of write.changed)
    if (standing.get(record.id)?.revision !== expectedRevision)
      return { kind: "estate-moved", what: `host ${record.name}` };
  for (const { id, name } of write.added)
    if (standing.has(id)) return { kind: "estate-moved", what: `host ${name}` };
  return findMovedPlace(trx, write);
}

async function findMovedPlace(
  trx: Transaction<Tables>,
  { sites, racks }: Pick<EstateWrite, "sites" | "racks">,
): Promise<EstateConflict | undefined> {
  const siteRows = await trx.selectFrom("sites").selectAll().execute();
  const siteOf = new Map(siteRows.map((row) => [row.code, row]));
  for (const { record, before } of sites)
    if (!sameRow(siteOf.get(record.code), before === null ? undefined : siteToRow(before)))
      return { kind: "estate-moved", what: `site ${record.code}` };
  const rackRows = await trx.selectFrom("racks").selectAll().execute();
  const rackOf = new Map(rackRows.map((row) => [row.id, row]));
  for (const { record, before } of racks)
    if (!sameRow(rackOf.get(record.id), before === null ? undefined : rackToRow(before)))
      return { kind: "estate-moved", what: `rack ${record.id}` };
  return undefined;
}

function sameRow<Row extends object>(left: Row | undefined, right: Row | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return (Object.keys(right) as (keyof Row)[]).every((key) => left[key] === right[key]);
}

/** Names and units that hosts outside of the file have. */
async function findInTheWay(
  trx: Transaction<Tables>,
  write: EstateWrite,
): Promise<EstateConflict | undefined> {
  const hosts = [...write.added, ...write.changed.map(({ record }) => record)];
  const rows = hosts.map(hostToRow);
  const own = new Set(rows.map(({ id }) => id));
  for (const part of parts(rows.map(({ name }) => name))) {
    const found = await trx
      .selectFrom("hosts")
      .select(["id", "name"])
      .where("name", "in", part)
      .execute();
    const other = found.find(({ id }) => !own.has(id));
    if (other !== undefined) return { kind: "name-taken", name: other.name };
  }
  const racks = new Set(rows.flatMap(({ rack_id }) => rack_id ?? []));
  const filled = new Map<string, string>();
  const fill = (row: PlacedRow): string | undefined => {
    for (let unit = row.unit ?? 0; unit < (row.unit ?? 0) + row.height_units; unit += 1) {
      const key = `${row.rack_id} ${unit}`;
      const other = filled.get(key);
      if (other !== undefined) return other;
      filled.set(key, row.name);
    }
    return undefined;
  };
  for (const part of parts([...racks])) {
    const found = await trx
      .selectFrom("hosts")
      .select(["id", "name", "rack_id", "unit", "height_units"])
      .where("rack_id", "in", part)
      .execute();
    for (const row of found) if (!own.has(row.id)) fill(row);
  }
  for (const row of rows) {
    if (row.rack_id === null) continue;
    const by = fill(row);
    if (by !== undefined)
      return { kind: "position-taken", position: `${row.rack_id}/u${row.unit}`, by };
  }
  return undefined;
}

type PlacedRow = Pick<HostRow, "name" | "rack_id" | "unit" | "height_units">;

async function writeAll(
  trx: Transaction<Tables>,
  write: EstateWrite,
  standing: Standing,
): Promise<void> {
  for (const { record } of write.sites) {
    const { code, ...facts } = siteToRow(record);
    await trx
      .insertInto("sites")
      .values({ code, ...facts })
      .onConflict((conflict) => conflict.column("code").doUpdateSet(facts))
      .execute();
  }
  for (const { record } of write.racks) {
    const { id, ...facts } = rackToRow(record);
    await trx
      .insertInto("racks")
      .values({ id, ...facts })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(facts))
      .execute();
  }
  // Two hosts may change places: all leave theirs before the first takes another's.
  for (const part of parts(write.changed.filter(({ record }) => hasMoved(record, standing))))
    await trx
      .updateTable("hosts")
      .set({ rack_id: null, unit: null })
      .where(
        "id",
        "in",
        part.map(({ record }) => record.id),
      )
      .execute();
  for (const { record } of write.changed) {
    const { id, ...facts } = hostToRow(record);
    await trx.updateTable("hosts").set(facts).where("id", "=", id).execute();
  }
  for (const part of parts(write.added))
    await trx.insertInto("hosts").values(part.map(hostToRow)).execute();
}

function hasMoved(record: HostRecord, standing: Standing): boolean {
  const before = standing.get(record.id);
  const { rack_id, unit } = hostToRow(record);
  return before?.rack_id !== rack_id || before.unit !== unit;
}

function parts<Value>(values: readonly Value[]): Value[][] {
  const found: Value[][] = [];
  for (let at = 0; at < values.length; at += rowsMax) found.push(values.slice(at, at + rowsMax));
  return found;
}
