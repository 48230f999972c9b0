import { hostEventsMax } from "#fleet/health/host-event.ts";
import { componentChangesMax } from "#fleet/inventory/component-store.ts";
import {
  type FailureEvent,
  failureOfComponent,
  failureOfEvent,
} from "#fleet/reports/failure-figures.ts";
import { keptDaysMax, type ReportStore } from "#fleet/reports/report-store.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Engine } from "./engine.ts";
import { parseStoredEvent } from "./stored-health.ts";
import { parseStoredChange } from "./stored-components.ts";
import { packFigures, parseStoredRun, unpackFigures } from "./stored-reports.ts";

const rowsPerPage = 1_000;

/** What reports are made of beside the present, on the control store's tables. */
export function createReportTables(engine: Engine, log: Log): ReportStore {
  const { db, run, transact, breathe } = engine;

  /** Both tables are read alike: by time, then by id, page by page. */
  const eachRow = async <Row extends { readonly id: string; readonly at_ms: number }>(
    readPage: (after: { readonly atMs: number; readonly id: string }) => Promise<readonly Row[]>,
    fromMs: number,
    onRow: (row: Row) => void,
  ): Promise<void> => {
    let after = { atMs: fromMs, id: "" };
    for (;;) {
      const rows = await readPage(after);
      for (const row of rows) onRow(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < rowsPerPage) return;
      after = { atMs: last.at_ms, id: last.id };
      await breathe();
    }
  };

  return {
    keep: (figures, day) =>
      transact("keep the day's figures", async (trx) => {
        const facts = { at_ms: figures.capacity.atMs, figures_packed: packFigures(figures) };
        await trx
          .insertInto("report_figures")
          .values({ day, ...facts })
          .onConflict((conflict) => conflict.column("day").doUpdateSet(facts))
          .execute();
        const oldest = await trx
          .selectFrom("report_figures")
          .select("day")
          .orderBy("day", "desc")
          .offset(keptDaysMax - 1)
          .limit(1)
          .executeTakeFirst();
        if (oldest !== undefined)
          await trx.deleteFrom("report_figures").where("day", "<", oldest.day).execute();
      }),
    keptBefore: (atMs) =>
      run("read kept figures", async () => {
        const row = await db
          .selectFrom("report_figures")
          .selectAll()
          .where("at_ms", "<=", atMs)
          .orderBy("at_ms", "desc")
          .limit(1)
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const figures = unpackFigures(row.figures_packed);
        if (figures === undefined) log.error({ day: row.day }, "kept figures cannot be understood");
        return figures;
      }),
    keptSpan: () =>
      run("look which figures are kept", async () => {
        const { min, max } = db.fn;
        const row = await db
          .selectFrom("report_figures")
          .select([min("at_ms").as("oldest"), max("at_ms").as("newest")])
          .executeTakeFirst();
        return row === undefined || row.oldest === null || row.newest === null
          ? null
          : { oldestMs: Number(row.oldest), newestMs: Number(row.newest) };
      }),
    runs: () =>
      run("read how schedules went", async () => {
        const rows = await db.selectFrom("report_runs").selectAll().orderBy("name").execute();
        return rows.flatMap((row) => {
          const known = parseStoredRun(row.record_json);
          if (known === undefined)
            log.error({ schedule: row.name }, "a run of a schedule cannot be understood");
          return known ?? [];
        });
      }),
    noteRun: (note) =>
      transact("note how a schedule went", async (trx) => {
        const facts = { due_ms: note.dueMs, record_json: JSON.stringify(note) };
        const known = await trx
          .selectFrom("report_runs")
          .select("due_ms")
          .where("name", "=", note.name)
          .executeTakeFirst();
        if (known === undefined)
          await trx
            .insertInto("report_runs")
            .values({ name: note.name, ...facts })
            .execute();
        else if (known.due_ms <= note.dueMs)
          await trx.updateTable("report_runs").set(facts).where("name", "=", note.name).execute();
      }),
    async readFailures({ fromMs, toMs }, onEvent) {
      // Told when all of it is there: work that is tried again would tell some of it twice.
      const found = await run("read what went wrong", async () => {
        const events: FailureEvent[] = [];
        await eachRow(
          (after) =>
            db
              .selectFrom("host_events")
              .selectAll()
              .where("at_ms", "<", toMs)
              .where((where) =>
                where.or([
                  where("at_ms", ">", after.atMs),
                  where.and([where("at_ms", "=", after.atMs), where("id", ">", after.id)]),
                ]),
              )
              .orderBy("at_ms")
              .orderBy("id")
              .limit(rowsPerPage)
              .execute(),
          fromMs,
          (row) => {
            const facts = parseStoredEvent(row.event_json);
            const failure = facts && failureOfEvent(facts);
            if (failure !== undefined)
              events.push({ hostId: row.host_id as HostId, atMs: row.at_ms, ...failure });
          },
        );
        await eachRow(
          (after) =>
            db
              .selectFrom("component_changes")
              .selectAll()
              .where("at_ms", "<", toMs)
              .where((where) =>
                where.or([
                  where("at_ms", ">", after.atMs),
                  where.and([where("at_ms", "=", after.atMs), where("id", ">", after.id)]),
                ]),
              )
              .orderBy("at_ms")
              .orderBy("id")
              .limit(rowsPerPage)
              .execute(),
          fromMs,
          (row) => {
            const change = parseStoredChange(row.change_json);
            const failure = change && failureOfComponent(change);
            if (failure !== undefined)
              events.push({ hostId: row.host_id as HostId, atMs: row.at_ms, ...failure });
          },
        );
        return events;
      });
      for (const event of found) onEvent(event);
    },
    readCutHistories: () =>
      run("look whose history gave way", async () => {
        const { count, min } = db.fn;
        const events = await db
          .selectFrom("host_events")
          .select(["host_id", min("at_ms").as("since")])
          .groupBy("host_id")
          .having(count("id"), ">=", hostEventsMax)
          .orderBy("host_id")
          .execute();
        const changes = await db
          .selectFrom("component_changes")
          .select(["host_id", min("at_ms").as("since")])
          .groupBy("host_id")
          .having(count("id"), ">=", componentChangesMax)
          .orderBy("host_id")
          .execute();
        const since = new Map<string, number>();
        for (const row of [...events, ...changes])
          since.set(row.host_id, Math.max(since.get(row.host_id) ?? 0, Number(row.since)));
        return [...since].map(([hostId, sinceMs]) => ({ hostId: hostId as HostId, sinceMs }));
      }),
  };
}
