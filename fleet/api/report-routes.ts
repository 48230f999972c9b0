import type { HostFacts } from "#fleet/reports/fleet-facts.ts";
import type { Reports } from "#fleet/reports/open-reports.ts";
import { type ReportKind, reportKinds, type ReportRefusal } from "#fleet/reports/report.ts";
import type { ReportSight } from "#fleet/reports/report-desk.ts";
import type { ScheduleStatus } from "#fleet/reports/report-scheduler.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { ApiError, type ProblemCode } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import {
  reportQuery,
  reportScheduleListSchema,
  type ReportScheduleView,
  reportSchema,
} from "./report-schemas.ts";
import { sendReport } from "./send-report.ts";
import type { Sight } from "./sight.ts";
import { readSpanMs, readTime } from "./time-range.ts";

/** Reports in every form, and how their schedules go. */
export function createReportRoutes(parts: {
  readonly reports: Pick<Reports, "make" | "schedules">;
  readonly clock: Clock;
}): readonly Route[] {
  const { reports, clock } = parts;
  return [
    ...reportKinds.map((kind) => reportRoute(kind)),
    defineRoute({
      method: "GET",
      path: "/api/v1/reports/schedules",
      access: { who: "person", may: "read", of: "cell" },
      tag: "reports",
      summary: "Reports that are written again and again",
      description: "Each with when it is due next, and how its last run went.",
      answer: { status: 200, description: "the schedules", schema: reportScheduleListSchema },
      problems: [],
      async handle() {
        return { items: (await reports.schedules()).map(viewSchedule), nextCursor: null };
      },
    }),
  ];

  function reportRoute(kind: ReportKind): Route {
    return defineRoute({
      method: "GET",
      path: `/api/v1/reports/${kind}`,
      access: { who: "person", may: "read", of: "listed" },
      tag: "reports",
      ...words[kind],
      query: reportQuery,
      answer: {
        status: 200,
        description: "the report; with `format` as a file of that type",
        schema: reportSchema,
      },
      problems: ["selector-invalid", "report-invalid", "past-unknown", "time-range-invalid"],
      async handle({ query, sight, request, reply }) {
        const nowMs = clock.nowUnixMs();
        const made = await reports.make({
          kind,
          selector: query.selector ?? null,
          group: query.group ?? null,
          atMs: query.at === undefined ? null : readTime("at", query.at, nowMs),
          windowMs: query.window === undefined ? null : readSpanMs("window", query.window),
          ...(sight.isAll ? {} : { sight: reportSight(sight) }),
        });
        if (!made.ok) throw refuse(made.problem);
        await sendReport(made.value, query.format ?? "json", { request, reply });
        return made.value;
      },
    });
  }
}

const words = {
  capacity: {
    summary: "What can be sold, and what cannot and why",
    description:
      "Hosts by region, site, row, rack, class and state (phase, what is done to them, whether they " +
      "may take a lease), serving floors, free rack units, cores, memory and disks. Rows add up.",
  },
  power: {
    summary: "What feeds carry, against what they may",
    description:
      "Measured watts now and over a window, by rack and feed, and what each would carry if the others " +
      "of its rack failed. Hosts that are not measured are counted and named.",
  },
  failures: {
    summary: "What went wrong",
    description:
      "Verdicts now; findings, reboots by cause and components that went, within a window, by class " +
      "and place.",
  },
} as const satisfies Record<ReportKind, { readonly summary: string; readonly description: string }>;

function refuse({ kind, words: text, hint }: ReportRefusal): ApiError {
  const codes = {
    "bad-group": "report-invalid",
    "bad-window": "report-invalid",
    "bad-selector": "selector-invalid",
    "past-unknown": "past-unknown",
  } as const satisfies Record<ReportRefusal["kind"], ProblemCode>;
  return new ApiError(codes[kind], text, { hint });
}

function reportSight(sight: Sight): ReportSight {
  return {
    sees: ({ record }: HostFacts) => sight.sees(record),
    seesSite: (site) => sight.sees({ position: site === null ? null : { site }, tags: [] }),
  };
}

function viewSchedule({ schedule, timeZone, nextMs, last }: ScheduleStatus): ReportScheduleView {
  const { name, kind, format, selector, group, cron, folder, keep } = schedule;
  const run = last === null ? null : withoutName(last);
  return {
    name,
    report: kind,
    format,
    selector,
    group,
    cron,
    timeZone,
    folder,
    keep,
    nextMs,
    last: run,
  };
}

function withoutName(
  run: NonNullable<ScheduleStatus["last"]>,
): NonNullable<ReportScheduleView["last"]> {
  const { name: _name, ...rest } = run;
  return rest;
}
