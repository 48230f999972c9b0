import type { ApiParts } from "#fleet/api/api.ts";
import { readReportSelector } from "#fleet/api/report-selection.ts";
import { compiledBudgets } from "#fleet/lifecycle/plans/budget-limits.ts";
import { openReports, type Reports } from "#fleet/reports/open-reports.ts";
import type { ReportSchedule } from "#fleet/reports/report-schedule.ts";
import type { ReportFolder } from "#fleet/reports/report-scheduler.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";

/** Keeps the files of schedules in a map. */
export function createMemoryReportFolder(): ReportFolder & {
  readonly files: ReadonlyMap<string, string>;
} {
  const files = new Map<string, string>();
  return {
    files,
    write(_folder, name, pieces) {
      files.set(name, [...pieces].map(String).join(""));
      return `/reports/${name}`;
    },
    list: () => [...files.keys()],
    remove: (_folder, name) => void files.delete(name),
  };
}

/** The real reports over the parts of a test's API. */
export function openTestReports(
  parts: Omit<ApiParts, "reports" | "alerts">,
  store: Pick<ControlStore, "reports">,
  more: { readonly schedules?: readonly ReportSchedule[]; readonly folder?: ReportFolder } = {},
): Reports {
  return openReports({
    ...parts,
    store: store.reports,
    budgets: compiledBudgets,
    readSelector: readReportSelector,
    schedules: more.schedules ?? [],
    folder: more.folder ?? createMemoryReportFolder(),
    isLeader: () => true,
  });
}
