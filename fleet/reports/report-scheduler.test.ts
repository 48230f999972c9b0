import { beforeEach, expect, test } from "vitest";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import type { Report } from "./report.ts";
import type { ReportDesk } from "./report-desk.ts";
import { nextDueMs, readSchedules } from "./report-schedule.ts";
import { createReportScheduler, fileName, type ReportScheduler } from "./report-scheduler.ts";
import type { KeptFigures, ScheduleRun } from "./report-store.ts";

const read = readSchedules([
  { name: "hourly", report: "capacity", cron: "0 * * * *", keep: 2, site: "fra2" },
]);
if (!read.ok) throw new Error(read.problem);
const schedules = read.value;
const [hourly] = schedules;
if (hourly === undefined) throw new Error("no schedule");

const report: Report = {
  schema: "wws.report.capacity.v1",
  kind: "capacity",
  cell: "test",
  madeMs: 0,
  atMs: 0,
  window: null,
  selector: null,
  group: [],
  columns: [{ key: "hosts", title: "HOSTS", unit: "{host}", isWideOnly: false, meaning: "all" }],
  rows: [{ hosts: 1 }],
  total: null,
  coverage: { share: 1, words: "all" },
  notes: [],
};

let clock: VirtualClock;
let runs: Map<string, ScheduleRun>;
let files: Map<string, string>;
let kept: string[];
let isLeader: boolean;
let isFull: boolean;

beforeEach(() => {
  clock = createVirtualClock();
  runs = new Map();
  files = new Map([["hourly-notes.csv", "not ours"]]);
  kept = [];
  isLeader = true;
  isFull = false;
});

const desk: ReportDesk = {
  make: async () => ok(report),
  figures: async () => ({ capacity: {}, power: {} }) as KeptFigures,
};

function scheduler(): ReportScheduler {
  const made = createReportScheduler({
    schedules,
    desk,
    store: {
      keep: async (_figures, day) => void kept.push(day),
      keptSpan: async () => {
        const [oldest, newest] = [kept[0], kept.at(-1)];
        return oldest === undefined || newest === undefined
          ? null
          : { oldestMs: Date.parse(oldest), newestMs: Date.parse(newest) };
      },
      runs: async () => [...runs.values()],
      noteRun: async (run) => void runs.set(run.name, run),
    },
    folder: {
      write(_folder, name, pieces) {
        if (isFull) throw new Error("no space left on the device");
        files.set(name, [...pieces].join(""));
        return `/reports/${name}`;
      },
      list: () => [...files.keys()],
      remove: (_folder, name) => void files.delete(name),
    },
    inventory: { sites: async () => [] },
    isLeader: () => isLeader,
    clock,
    log: silentLog,
  });
  made.start();
  return made;
}

/** Moves time round by round, so that what a round began ends before the next. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20_000) await clock.advance(Math.min(left, 20_000));
}

const hourMs = 3_600_000;
const dueFiles = () => [...files.keys()].filter((file) => file !== "hourly-notes.csv");

test("writes when it is due, once, keeps the newest and touches no file that is not its own", async () => {
  scheduler();
  await pass(30_000);
  const firstMs = nextDueMs(hourly, "UTC", clock.nowUnixMs()) ?? 0;
  await pass(firstMs - clock.nowUnixMs() - 60_000);
  expect(dueFiles()).toEqual([]);
  await pass(120_000);
  expect(dueFiles()).toEqual([fileName(hourly, firstMs)]);
  expect(files.get(fileName(hourly, firstMs))).toContain("hosts");
  await pass(3 * hourMs);
  expect(dueFiles()).toEqual([
    fileName(hourly, firstMs + 2 * hourMs),
    fileName(hourly, firstMs + 3 * hourMs),
  ]);
  expect(files.has("hourly-notes.csv")).toBe(true);
});

test("what was missed is made up once, after a restart too", async () => {
  const before = scheduler();
  await pass(2 * hourMs);
  await before.stop();
  const written = dueFiles();
  await clock.advance(7 * hourMs);
  scheduler();
  // Nobody has heard the hosts yet: a report of now would call all of them lost and unmeasured.
  await pass(lifecycleNumbers.graceMs);
  expect(dueFiles()).toEqual(written);
  await pass(60_000);
  expect(dueFiles()).toHaveLength(2);
  expect(dueFiles()).toContain(written.at(-1));
  expect(runs.get("hourly")).toMatchObject({ outcome: "done", attempts: 1 });
  const soFar = dueFiles();
  await pass(60_000);
  expect(dueFiles()).toEqual(soFar);
});

test("only the leader writes, and who takes over goes on where the other was", async () => {
  isLeader = false;
  scheduler();
  await pass(3 * hourMs);
  expect([runs.size, dueFiles().length, kept.length]).toEqual([0, 0, 0]);
  isLeader = true;
  await pass(2 * hourMs);
  expect(dueFiles()).toHaveLength(2);
});

test("a failure is told, tried again three times in all, and over with the next that is due", async () => {
  const made = scheduler();
  await pass(60_000);
  isFull = true;
  await pass(hourMs + 60_000);
  await pass(20 * 60_000);
  const [told] = await made.status();
  expect(told?.last).toMatchObject({
    outcome: "failed",
    attempts: 3,
    detail: "no space left on the device",
    doneMs: null,
  });
  isFull = false;
  await pass(hourMs);
  expect((await made.status())[0]?.last).toMatchObject({ outcome: "done", attempts: 1 });
  expect((await made.status())[0]?.timeZone).toBe("Europe/Berlin");
});

test("a day's figures are kept once, and not before the hosts had time to come back", async () => {
  scheduler();
  await pass(4 * 60_000);
  expect(kept).toEqual([]);
  await pass(4 * 60_000);
  expect(kept).toHaveLength(1);
  await pass(26 * hourMs);
  expect(new Set(kept).size).toBe(kept.length);
  expect(kept.length).toBeGreaterThanOrEqual(2);
  expect(kept.length).toBeLessThanOrEqual(3);
});
