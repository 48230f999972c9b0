import { Cron } from "croner";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { type ReportFormat, reportFormats, type ReportKind, reportKinds } from "./report.ts";
import { isoTime } from "./report-table.ts";

/** A report that is written into a folder again and again; `[[reports.schedules]]`. */
export interface ReportSchedule {
  /** Unique; begins the files' names: `daily-capacity`. */
  readonly name: string;
  readonly kind: ReportKind;
  readonly selector: string | null;
  readonly group: string | null;
  readonly format: ReportFormat;
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  readonly cron: string;
  /** IANA; null: the site's, or UTC where there is none. */
  readonly timeZone: string | null;
  /** Whose local time it follows. */
  readonly site: string | null;
  /** null: `reports` in the data folder. */
  readonly folder: string | null;
  /** Newest files of this schedule that are kept. */
  readonly keep: number;
  /** Over how long figures are watched; null: the report's usual. */
  readonly windowMs: number | null;
}

export const schedulesMax = 64;
export const keptFilesUsual = 30;
const keptFilesMax = 10_000;
const keys = [
  "name",
  "report",
  "selector",
  "group",
  "format",
  "cron",
  "time_zone",
  "site",
  "folder",
  "keep",
  "window_minutes",
];

/** What stands in the configuration, checked; the problem completes "must be …". */
export function readSchedules(value: unknown): Result<readonly ReportSchedule[], string> {
  if (!Array.isArray(value) || value.length > schedulesMax)
    return fail(`a list of up to ${schedulesMax} tables, each begun by [[reports.schedules]]`);
  const schedules: ReportSchedule[] = [];
  for (const [at, entry] of value.entries()) {
    const read = readSchedule(entry);
    if (!read.ok) return fail(`sound in its table ${at + 1}: ${read.problem}`);
    if (schedules.some(({ name }) => name === read.value.name))
      return fail(`of different names: "${read.value.name}" is there twice`);
    schedules.push(read.value);
  }
  return ok(schedules);
}

function readSchedule(entry: unknown): Result<ReportSchedule, string> {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry))
    return fail("it must be a table");
  const table = new Map<string, unknown>(Object.entries(entry));
  const unknown = [...table.keys()].find((key) => !keys.includes(key));
  if (unknown !== undefined) return fail(`there is no key ${unknown}; use ${keys.join(", ")}`);
  const text = (key: string, max: number): string | null => {
    const found = table.get(key);
    return typeof found === "string" && found.length >= 1 && found.length <= max ? found : null;
  };
  for (const key of ["selector", "group", "time_zone", "site", "folder"])
    if (table.has(key) && text(key, 4_096) === null) return fail(`${key} must be text`);
  const name = text("name", 64);
  if (name === null || !/^[a-z0-9][a-z0-9-]*$/.test(name))
    return fail("name must be of small letters, digits and -, up to 64");
  const kind = reportKinds.find((one) => one === table.get("report"));
  if (kind === undefined) return fail(`report must be one of ${reportKinds.join(", ")}`);
  const format = reportFormats.find((one) => one === (table.get("format") ?? "csv"));
  if (format === undefined) return fail(`format must be one of ${reportFormats.join(", ")}`);
  const keep = table.get("keep") ?? keptFilesUsual;
  if (!isCount(keep, keptFilesMax)) return fail(`keep must be from 1 to ${keptFilesMax}`);
  const minutes = table.get("window_minutes") ?? null;
  if (minutes !== null && !isCount(minutes, 366 * 1_440))
    return fail("window_minutes must be a whole number of minutes, up to a year");
  const schedule: ReportSchedule = {
    name,
    kind,
    format,
    keep,
    cron: text("cron", 128) ?? "",
    selector: text("selector", 4_096),
    group: text("group", 256),
    timeZone: text("time_zone", 64),
    site: text("site", 16),
    folder: text("folder", 4_096),
    windowMs: minutes === null ? null : minutes * 60_000,
  };
  const wrong = whyNotDue(schedule);
  return wrong === null ? ok(schedule) : fail(wrong);
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= max;
}

/** Any moment: whether a pattern is ever due does not depend on it. */
const someMs = 1_700_000_000_000;

function whyNotDue(schedule: ReportSchedule): string | null {
  const { timeZone, cron } = schedule;
  try {
    if (nextDueMs(schedule, timeZone ?? "UTC", someMs) !== null) return null;
    return `cron "${cron}" is never due`;
  } catch {
    try {
      nextDueMs(schedule, "UTC", someMs);
    } catch {
      return `cron "${cron}" must be five fields, as in "0 6 * * 1-5"`;
    }
    return `time_zone "${timeZone ?? ""}" must be one of the IANA list, as in Europe/Berlin`;
  }
}

/** When it is due next after a moment; null: never again. Throws where pattern or zone is none. */
export function nextDueMs(
  { cron }: Pick<ReportSchedule, "cron">,
  timeZone: string,
  afterMs: number,
): number | null {
  return open(cron, timeZone).nextRun(isoTime(afterMs))?.getTime() ?? null;
}

/** When it was due last, the moment itself included; null: never. */
export function latestDueMs(
  { cron }: Pick<ReportSchedule, "cron">,
  timeZone: string,
  atMs: number,
): number | null {
  // The moment that is given is not among the answers.
  return (
    open(cron, timeZone)
      .previousRuns(1, isoTime(atMs + 1_000))[0]
      ?.getTime() ?? null
  );
}

/** It only computes: it is paused and has nothing to call. */
function open(cron: string, timezone: string): Cron {
  return new Cron(cron, { timezone, mode: "5-part", paused: true });
}
