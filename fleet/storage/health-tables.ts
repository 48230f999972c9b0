import type { HealthEntry, HealthStore } from "#fleet/health/health-store.ts";
import { type HostEvent, hostEventsMax } from "#fleet/health/host-event.ts";
import type { StoredMemory } from "#fleet/health/host-memory.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { Transaction } from "kysely";
import type { Engine } from "./engine.ts";
import { parseStoredEvent, parseStoredMemory } from "./stored-health.ts";
import type { Tables } from "./tables.ts";
import type { HostEventRow } from "./watch-columns.ts";

/** What health remembers, on the control store's tables. */
export function createHealthTables(engine: Engine, log: Log): HealthStore {
  const { db, run, transact, breathe } = engine;
  return {
    readMemories: () =>
      run("read what health remembers", async () => {
        const memories: { readonly hostId: HostId; readonly memory: StoredMemory }[] = [];
        let after = "";
        for (;;) {
          const rows = await db
            .selectFrom("host_health")
            .selectAll()
            .where("host_id", ">", after)
            .orderBy("host_id")
            .limit(hostsPerPage)
            .execute();
          for (const row of rows) {
            const memory = parseStoredMemory(row.memory_json);
            // Not fatal: it is judged afresh, and what is wrong now is found again.
            if (memory === undefined)
              log.error({ hostId: row.host_id }, "what health remembers cannot be understood");
            else memories.push({ hostId: row.host_id as HostId, memory });
          }
          const last = rows.at(-1);
          if (last === undefined || rows.length < hostsPerPage) return memories;
          after = last.host_id;
          await breathe();
        }
      }),
    async write(entries) {
      for (let from = 0; from < entries.length; from += hostsPerWrite) {
        const page = entries.slice(from, from + hostsPerWrite);
        await transact("write what health remembers", async (trx) => {
          for (const entry of page) await writeEntry(trx, entry);
        });
      }
    },
    listEvents: (hostId, { limit, before }) =>
      run("list what happened to a host", async () => {
        let query = db.selectFrom("host_events").selectAll().where("host_id", "=", hostId);
        if (before !== null) query = query.where("id", "<", before);
        const rows = await query.orderBy("id", "desc").limit(limit).execute();
        return rows.flatMap((row) => eventFromRow(row, log));
      }),
  };
}

const hostsPerPage = 500;
/** A transaction is kept short, because others wait for it. */
const hostsPerWrite = 50;

async function writeEntry(trx: Transaction<Tables>, entry: HealthEntry): Promise<void> {
  const { hostId, memory, events } = entry;
  const host = await trx
    .selectFrom("hosts")
    .select("id")
    .where("id", "=", hostId)
    .executeTakeFirst();
  if (host === undefined) return;
  const facts = { memory_json: JSON.stringify(memory) };
  await trx
    .insertInto("host_health")
    .values({ host_id: hostId, ...facts })
    .onConflict((conflict) => conflict.column("host_id").doUpdateSet(facts))
    .execute();
  if (events.length === 0) return;
  await trx
    .insertInto("host_events")
    .values(events.slice(-hostEventsMax).map(eventToRow))
    // The answer of an earlier attempt may have been lost.
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  const oldest = await trx
    .selectFrom("host_events")
    .select("id")
    .where("host_id", "=", hostId)
    .orderBy("id", "desc")
    .offset(hostEventsMax - 1)
    .limit(1)
    .executeTakeFirst();
  if (oldest !== undefined)
    await trx
      .deleteFrom("host_events")
      .where("host_id", "=", hostId)
      .where("id", "<", oldest.id)
      .execute();
}

function eventToRow({ id, hostId, atMs, what }: HostEvent): HostEventRow {
  return { id, host_id: hostId, at_ms: atMs, event_json: JSON.stringify(what) };
}

function eventFromRow(row: HostEventRow, log: Log): readonly HostEvent[] {
  const what = parseStoredEvent(row.event_json);
  if (what === undefined) {
    log.error({ hostId: row.host_id, eventId: row.id }, "an event cannot be understood");
    return [];
  }
  return [{ id: row.id, hostId: row.host_id as HostId, atMs: unixMs(row.at_ms), what }];
}
