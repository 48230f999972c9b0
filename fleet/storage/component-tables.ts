import type { KnownComponent } from "#fleet/inventory/component-history.ts";
import {
  type ComponentChangeRecord,
  type ComponentStore,
  componentChangesMax,
  knownComponentsMax,
} from "#fleet/inventory/component-store.ts";
import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { Engine } from "./engine.ts";
import type { ComponentChangeRow, ComponentRow } from "./inventory-columns.ts";
import {
  parseStoredChange,
  parseStoredComponent,
  parseStoredProfile,
} from "./stored-components.ts";

/** The past of components on the control store's tables. */
export function createComponentTables(engine: Engine, log: Log): ComponentStore {
  const { db, run, transact } = engine;
  return {
    listComponents: (hostId) =>
      run("list a host's components", async () => {
        const rows = await db
          .selectFrom("components")
          .selectAll()
          .where("host_id", "=", hostId)
          .orderBy("id")
          .execute();
        return rows.flatMap((row) => componentFromRow(row, log));
      }),
    writeComponents: (hostId, known, changes) =>
      transact("write a host's components", async (trx) => {
        const host = await trx
          .selectFrom("hosts")
          .select("id")
          .where("id", "=", hostId)
          .executeTakeFirst();
        if (host === undefined) return;
        await trx.deleteFrom("components").where("host_id", "=", hostId).execute();
        for (const rows of inPages(newestKnown(known), 100))
          await trx
            .insertInto("components")
            .values(rows.map((one) => componentToRow(hostId, one)))
            .execute();
        const last = await trx
          .selectFrom("component_changes")
          .select((row) => row.fn.max("number").as("number"))
          .where("host_id", "=", hostId)
          .executeTakeFirst();
        const from = Number(last?.number ?? 0) + 1;
        const numbered = changes.map((change, index) => ({ ...change, number: from + index }));
        for (const rows of inPages(numbered, 100))
          await trx
            .insertInto("component_changes")
            .values(rows.map((one) => changeToRow(hostId, one)))
            .execute();
        await trx
          .deleteFrom("component_changes")
          .where("host_id", "=", hostId)
          .where("number", "<", from + changes.length - componentChangesMax)
          .execute();
      }),
    listComponentChanges: (hostId, limit) =>
      run("list what changed in a host", async () => {
        const rows = await db
          .selectFrom("component_changes")
          .selectAll()
          .where("host_id", "=", hostId)
          .orderBy("number", "desc")
          .limit(limit)
          .execute();
        return rows.flatMap((row) => changeFromRow(row, log));
      }),
    readHardwareProfile: (name) =>
      run("read a hardware class", async () => {
        const row = await db
          .selectFrom("hardware_classes")
          .select("profile_json")
          .where("name", "=", name)
          .executeTakeFirst();
        return row && parseStoredProfile(row.profile_json);
      }),
    writeHardwareProfile: (name, profile, sinceMs) =>
      run("write a hardware class", async () => {
        const facts = { profile_json: JSON.stringify(profile) };
        await db
          .insertInto("hardware_classes")
          .values({ name, since_ms: sinceMs, ...facts })
          .onConflict((conflict) => conflict.column("name").doUpdateSet(facts))
          .execute();
      }),
  };
}

/** All that are there, and of those that are gone the ones that left last. */
function newestKnown(known: readonly KnownComponent[]): readonly KnownComponent[] {
  if (known.length <= knownComponentsMax) return known;
  const rank = ({ goneMs }: KnownComponent): number => goneMs ?? Number.POSITIVE_INFINITY;
  return known.toSorted((left, right) => rank(right) - rank(left)).slice(0, knownComponentsMax);
}

function inPages<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const pages: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size)
    pages.push(items.slice(start, start + size));
  return pages;
}

function componentToRow(hostId: HostId, known: KnownComponent): ComponentRow {
  return {
    id: `${hostId}/${known.key}`,
    host_id: hostId,
    component_key: known.key,
    component_json: JSON.stringify(known.component),
    first_seen_ms: known.firstSeenMs,
    gone_ms: known.goneMs,
  };
}

function componentFromRow(row: ComponentRow, log: Log): readonly KnownComponent[] {
  const component = parseStoredComponent(row.component_json);
  if (component === undefined) {
    log.error({ component: row.id }, "stored component cannot be understood");
    return [];
  }
  return [
    {
      key: row.component_key,
      component,
      firstSeenMs: unixMs(row.first_seen_ms),
      goneMs: row.gone_ms === null ? null : unixMs(row.gone_ms),
    },
  ];
}

function changeToRow(hostId: HostId, record: ComponentChangeRecord): ComponentChangeRow {
  return {
    id: `${hostId}/${String(record.number).padStart(12, "0")}`,
    host_id: hostId,
    number: record.number,
    at_ms: record.atMs,
    boot_id: record.bootId,
    change_json: JSON.stringify(record.change),
  };
}

function changeFromRow(row: ComponentChangeRow, log: Log): readonly ComponentChangeRecord[] {
  const change = parseStoredChange(row.change_json);
  if (change === undefined) {
    log.error({ change: row.id }, "stored change of a component cannot be understood");
    return [];
  }
  return [
    { number: row.number, atMs: unixMs(row.at_ms), bootId: row.boot_id as BootId | null, change },
  ];
}
