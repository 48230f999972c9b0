import { airportTimeZone } from "#fleet/inventory/airport-time-zone.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { formatUtcName } from "#proto/vocabulary/utc-time.ts";
import type { ReportDesk } from "./report-desk.ts";
import { latestDueMs, nextDueMs, type ReportSchedule } from "./report-schedule.ts";
import type { ReportStore, ScheduleRun } from "./report-store.ts";
import { isoTime } from "./report-table.ts";
import { reportPieces } from "./write-report.ts";

/** Where the files go; fleet/storage writes them whole or not at all. */
export interface ReportFolder {
  /** Answers the file's path. Throws with the reason where it cannot be written. */
  write(folder: string | null, name: string, pieces: Iterable<string | Uint8Array>): string;
  list(folder: string | null): readonly string[];
  remove(folder: string | null, name: string): void;
}

export interface ScheduleStatus {
  readonly schedule: ReportSchedule;
  readonly timeZone: string;
  /** null: never again. */
  readonly nextMs: number | null;
  /** null: nothing is noted of it yet. */
  readonly last: ScheduleRun | null;
}

export interface ReportScheduler {
  start(): void;
  stop(): Promise<void>;
  /** What is due next and how the last run went; read from the store, so that any manager knows. */
  status(): Promise<readonly ScheduleStatus[]>;
}

export const schedulerNumbers = {
  roundMs: 20_000,
  /** A run that failed is tried again, so often, after so long. */
  attemptsMax: 3,
  againAfterMs: 300_000,
} as const;

/**
 * Writes what is due. What was due while nobody led is made up once: the newest due time, not each
 * that was missed. Only the leader writes; it takes what the one before it noted from the store.
 */
export function createReportScheduler(parts: {
  readonly schedules: readonly ReportSchedule[];
  readonly desk: ReportDesk;
  readonly store: Pick<ReportStore, "keep" | "keptSpan" | "runs" | "noteRun">;
  readonly folder: ReportFolder;
  readonly inventory: Pick<Inventory, "sites">;
  readonly isLeader: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}): ReportScheduler {
  const { schedules, desk, store, folder, clock, log } = parts;
  let cancel: CancelTimer = () => {};
  let isStopped = false;
  let round: Promise<void> = Promise.resolve();
  let ledSinceMs: number | null = null;

  const zoneOf = async ({ timeZone, site }: ReportSchedule): Promise<string> => {
    if (timeZone !== null) return timeZone;
    if (site === null) return "UTC";
    const known = (await parts.inventory.sites()).find(({ code }) => code === site);
    return known?.timeZone ?? airportTimeZone(site) ?? "UTC";
  };

  const runSchedule = async (
    schedule: ReportSchedule,
    due: { readonly dueMs: number; readonly attempts: number; readonly doneMs: number | null },
  ): Promise<void> => {
    const { name, kind, selector, group, windowMs } = schedule;
    const note = (outcome: "done" | "failed", detail: string): Promise<void> => {
      const endedMs = clock.nowUnixMs();
      const doneMs = outcome === "done" ? endedMs : due.doneMs;
      const { dueMs, attempts } = due;
      return store.noteRun({ name, dueMs, outcome, attempts, endedMs, detail, doneMs });
    };
    try {
      const made = await desk.make({ kind, selector, group, atMs: null, windowMs });
      if (!made.ok) throw new Error(made.problem.words);
      if (isStopped || !parts.isLeader()) return;
      const file = fileName(schedule, due.dueMs);
      const path = folder.write(schedule.folder, file, reportPieces(made.value, schedule.format));
      await note("done", path);
      log.info({ schedule: name, file: path }, "a report was written");
      removeOld(schedule);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      log.error({ err: error, schedule: name }, "a report could not be written");
      await note("failed", words);
    }
  };

  const removeOld = (schedule: ReportSchedule): void => {
    const own = folder.list(schedule.folder).filter((file) => isOwn(schedule, file));
    for (const file of own.sort().slice(0, -schedule.keep)) folder.remove(schedule.folder, file);
  };

  const runDue = async (schedule: ReportSchedule, runs: readonly ScheduleRun[]): Promise<void> => {
    const nowMs = clock.nowUnixMs();
    const last = runs.find(({ name }) => name === schedule.name);
    const { name } = schedule;
    if (last === undefined) {
      // New: nothing was missed before it was there.
      const first = {
        outcome: "none",
        attempts: 0,
        endedMs: nowMs,
        detail: "",
        doneMs: null,
      } as const;
      return store.noteRun({ name, dueMs: nowMs, ...first });
    }
    if (!isSettled()) return;
    const { doneMs } = last;
    const dueMs = latestDueMs(schedule, await zoneOf(schedule), nowMs);
    if (dueMs !== null && dueMs > last.dueMs)
      return runSchedule(schedule, { dueMs, attempts: 1, doneMs });
    const isToTry =
      last.outcome === "failed" &&
      last.attempts < schedulerNumbers.attemptsMax &&
      nowMs - last.endedMs >= schedulerNumbers.againAfterMs;
    if (isToTry)
      await runSchedule(schedule, { dueMs: last.dueMs, attempts: last.attempts + 1, doneMs });
  };

  /** Hosts had time to come back after a start or a take-over: before that all of them look lost. */
  const isSettled = (): boolean =>
    ledSinceMs !== null && clock.nowMonotonicMs() - ledSinceMs >= lifecycleNumbers.graceMs;

  /** Once a UTC day. */
  const keepDay = async (): Promise<void> => {
    const nowMs = clock.nowUnixMs();
    if (!isSettled()) return;
    const today = isoTime(nowMs).slice(0, 10);
    const span = await store.keptSpan();
    if (span !== null && isoTime(span.newestMs).slice(0, 10) >= today) return;
    await store.keep(await desk.figures(), today);
  };

  const runRound = async (): Promise<void> => {
    if (!parts.isLeader()) {
      ledSinceMs = null;
      return;
    }
    ledSinceMs ??= clock.nowMonotonicMs();
    try {
      await keepDay();
    } catch (error) {
      log.error({ err: error }, "the day's figures could not be kept");
    }
    try {
      const runs = schedules.length === 0 ? [] : await store.runs();
      for (const schedule of schedules) {
        if (isStopped || !parts.isLeader()) return;
        await runDue(schedule, runs);
      }
    } catch (error) {
      log.error({ err: error }, "schedules of reports could not be looked at");
    }
  };

  const arm = (): void => {
    cancel = clock.after(schedulerNumbers.roundMs, () => {
      round = runRound().then(() => {
        if (!isStopped) arm();
      });
    });
  };

  return {
    start: arm,
    async stop() {
      isStopped = true;
      cancel();
      await round;
    },
    async status() {
      const runs = await store.runs();
      const nowMs = clock.nowUnixMs();
      return Promise.all(
        schedules.map(async (schedule) => {
          const timeZone = await zoneOf(schedule);
          return {
            schedule,
            timeZone,
            nextMs: nextDueMs(schedule, timeZone, nowMs),
            last: runs.find(({ name }) => name === schedule.name) ?? null,
          };
        }),
      );
    },
  };
}

/** `daily-capacity-2026-11-23T05-00-00Z.csv`: by the due time, so that one due time is one file. */
export function fileName({ name, format }: ReportSchedule, dueMs: number): string {
  return `${name}-${formatUtcName(dueMs)}.${format}`;
}

/** Another schedule's name may begin with this one's. */
function isOwn({ name, format }: ReportSchedule, file: string): boolean {
  const time = file.slice(name.length + 1, -(format.length + 1));
  return (
    file === `${name}-${time}.${format}` && /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z$/.test(time)
  );
}
