import type { Transaction } from "kysely";
import type { AlertChange, AlertStore } from "#fleet/alerts/alert-store.ts";
import { cleanEntry } from "#fleet/audit/clean-entry.ts";
import type { DomainEventStore } from "#fleet/lifecycle/domain-event-store.ts";
import {
  alertFromRow,
  alertToRow,
  deliveryFromRow,
  deliveryToRow,
  eventFromRow,
  eventToRow,
  silenceFromRow,
  silenceToRow,
} from "./alert-rows.ts";
import { appendEntry, findEntry } from "./audit-tables.ts";
import type { Engine } from "./engine.ts";
import { findOverruled } from "./life-conflicts.ts";
import { writeMeta } from "./migrate.ts";
import { damagedRow } from "./store-error.ts";
import { parseJson } from "./stored-json.ts";
import type { Tables } from "./tables.ts";

type Trx = Transaction<Tables>;

/** In `meta`: how the manager that wrote alerts last has ended. */
const leaderKey = "alerts_leader";
const rowsPerPrune = 500;

/** Alerts, silences and deliveries on the control store's tables. */
export function createAlertTables(engine: Engine): AlertStore {
  const { db, run, inTurn } = engine;
  return {
    commit: (change) =>
      inTurn("write alerts", async (trx) => {
        if ((await findOverruled(trx, change.term)) !== undefined) return "term-over";
        await write(trx, change);
        if (change.audit !== undefined) {
          const entry = cleanEntry(change.audit);
          // The answer to an earlier try may have been lost.
          if ((await findEntry(trx, entry)) === undefined) await appendEntry(trx, entry);
        }
        return "written";
      }),
    listOpen: () =>
      run("list open alerts", async () => {
        const rows = await db
          .selectFrom("alerts")
          .selectAll()
          .where("resolved_ms", "is", null)
          .orderBy("id")
          .execute();
        return rows.map(alertFromRow);
      }),
    listResolved: ({ before, limit }) =>
      run("list alerts", async () => {
        let query = db.selectFrom("alerts").selectAll().where("resolved_ms", "is not", null);
        if (before !== null) query = query.where("id", "<", before);
        const rows = await query.orderBy("id", "desc").limit(limit).execute();
        return rows.map(alertFromRow);
      }),
    find: (id) =>
      run("find an alert", async () => {
        const row = await db
          .selectFrom("alerts")
          .selectAll()
          .where("id", "=", id)
          .executeTakeFirst();
        return row && alertFromRow(row);
      }),
    listSilences: (nowMs) =>
      run("list silences", async () => {
        const rows = await db
          .selectFrom("silences")
          .selectAll()
          .where("ended_ms", "is", null)
          .where("until_ms", ">", nowMs)
          .orderBy("id")
          .execute();
        return rows.map(silenceFromRow);
      }),
    listWaiting: () =>
      run("list what is to be delivered", async () => {
        const rows = await db
          .selectFrom("deliveries")
          .selectAll()
          .where("settled_ms", "is", null)
          .orderBy("id")
          .execute();
        return rows.map(deliveryFromRow);
      }),
    listDeliveries: (alertId) =>
      run("list what was told of an alert", async () => {
        const rows = await db
          .selectFrom("deliveries")
          .selectAll()
          .where("alert_id", "=", alertId)
          .orderBy("id")
          .execute();
        return rows.map(deliveryFromRow);
      }),
    readChannel: (name) =>
      run("read how a channel fared", async () => {
        const newest = async (state: "sent" | "given-up") => {
          const row = await db
            .selectFrom("deliveries")
            .selectAll()
            .where("channel", "=", name)
            .where("state", "=", state)
            .orderBy("settled_ms", "desc")
            .limit(1)
            .executeTakeFirst();
          return row === undefined ? null : deliveryFromRow(row);
        };
        const [sent, givenUp] = [await newest("sent"), await newest("given-up")];
        return {
          sentMs: sent?.settledMs ?? null,
          givenUp:
            givenUp?.settledMs == null
              ? null
              : { atMs: givenUp.settledMs, words: givenUp.outcome ?? "given up" },
        };
      }),
    async prune(ask) {
      while (await inTurn("remove old alerts", (trx) => pruneSome(trx, ask)));
    },
    readLeader: () =>
      run("read who led", async () => {
        const row = await db
          .selectFrom("meta")
          .select("value")
          .where("key", "=", leaderKey)
          .executeTakeFirst();
        if (row === undefined) return null;
        const value = parseJson(row.value);
        if (typeof value === "object" && value !== null && "term" in value && "isEnded" in value)
          if (typeof value.term === "number" && typeof value.isEnded === "boolean")
            return { term: value.term, isEnded: value.isEnded };
        throw damagedRow(`who led is ${row.value.slice(0, 80)}`);
      }),
    writeLeader: (leader) =>
      inTurn("write who leads", (trx) => writeMeta(trx, leaderKey, JSON.stringify(leader))),
  };
}

async function write(trx: Trx, change: AlertChange): Promise<void> {
  for (const record of change.alerts ?? []) {
    const { id, ...row } = alertToRow(record);
    await trx
      .insertInto("alerts")
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
  }
  for (const record of change.silences ?? []) {
    const { id, ...row } = silenceToRow(record);
    await trx
      .insertInto("silences")
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
  }
  for (const record of change.deliveries ?? []) {
    const { id, ...row } = deliveryToRow(record);
    await trx
      .insertInto("deliveries")
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
  }
}

/** True: there may be more. */
async function pruneSome(trx: Trx, ask: Parameters<AlertStore["prune"]>[0]): Promise<boolean> {
  if ((await findOverruled(trx, ask.term)) !== undefined) return false;
  const oldest = await trx
    .selectFrom("alerts")
    .select("id")
    .where("resolved_ms", "is not", null)
    .orderBy("id", "desc")
    .offset(ask.resolvedMax)
    .limit(1)
    .executeTakeFirst();
  const alerts = await trx
    .selectFrom("alerts")
    .select("id")
    .where((where) =>
      where.or([
        where("resolved_ms", "<", ask.resolvedBeforeMs),
        where.and([where("resolved_ms", "is not", null), where("id", "<=", oldest?.id ?? "")]),
      ]),
    )
    .orderBy("id")
    .limit(rowsPerPrune)
    .execute();
  const deliveries = await trx
    .selectFrom("deliveries")
    .select("id")
    .where("settled_ms", "<", ask.settledBeforeMs)
    .orderBy("id")
    .limit(rowsPerPrune)
    .execute();
  const silences = await trx
    .selectFrom("silences")
    .select("id")
    .where("until_ms", "<", ask.resolvedBeforeMs)
    .orderBy("id")
    .limit(rowsPerPrune)
    .execute();
  const events = await trx
    .selectFrom("domain_events")
    .select("id")
    .where("ended_ms", "<", ask.resolvedBeforeMs)
    .orderBy("id")
    .limit(rowsPerPrune)
    .execute();
  let isMore = false;
  for (const [table, rows] of [
    ["alerts", alerts],
    ["deliveries", deliveries],
    ["silences", silences],
    ["domain_events", events],
  ] as const) {
    if (rows.length === 0) continue;
    const ids = rows.map(({ id }) => id);
    await trx.deleteFrom(table).where("id", "in", ids).execute();
    isMore ||= rows.length === rowsPerPrune;
  }
  return isMore;
}

/** Domain events on the control store's tables. */
export function createDomainEventTables({ db, run, inTurn }: Engine): DomainEventStore {
  return {
    readEvents: () =>
      run("read domain events", async () => {
        const rows = await db
          .selectFrom("domain_events")
          .selectAll()
          .where("ended_ms", "is", null)
          .orderBy("id")
          .execute();
        return rows.map(eventFromRow);
      }),
    writeEvents: (events, term) =>
      inTurn("write domain events", async (trx) => {
        if ((await findOverruled(trx, term)) !== undefined) return "term-over";
        for (const known of events) {
          const { id, ...row } = eventToRow(known);
          await trx
            .insertInto("domain_events")
            .values({ id, ...row })
            .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
            .execute();
        }
        return "written";
      }),
  };
}
