import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Budgets } from "#fleet/lifecycle/plans/budget-limits.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { type FactSources, gatherFacts } from "./gather-facts.ts";
import { createHardwareBook } from "./hardware-book.ts";
import { startPowerSampler } from "./power-sampler.ts";
import { createReportDesk, type ReportDesk, type ReportDeskParts } from "./report-desk.ts";
import type { ReportSchedule } from "./report-schedule.ts";
import {
  createReportScheduler,
  type ReportFolder,
  type ScheduleStatus,
} from "./report-scheduler.ts";
import type { ReportStore } from "./report-store.ts";

/** The reports of a cell, joined: made when asked for, and written on their schedules. */
export interface Reports extends ReportDesk {
  schedules(): Promise<readonly ScheduleStatus[]>;
  /** Begins to look at schedules; reports are made before that, too. */
  start(): void;
  stop(): Promise<void>;
}

export function openReports(
  parts: Omit<FactSources, "hardware" | "inventory"> & {
    readonly inventory: Pick<Inventory, "hosts" | "racks" | "sites" | "state">;
    readonly events: Pick<FleetEvents, "subscribe">;
    readonly store: ReportStore;
    readonly budgets: Budgets;
    readonly readSelector: ReportDeskParts["readSelector"];
    readonly schedules: readonly ReportSchedule[];
    readonly folder: ReportFolder;
    readonly isLeader: () => boolean;
    readonly log: Log;
  },
): Reports {
  const hardware = createHardwareBook(parts.inventory, parts.events);
  const sampler = startPowerSampler(parts);
  const desk = createReportDesk({
    ...parts,
    gather: () => gatherFacts({ ...parts, hardware: hardware.of }),
    history: sampler.history,
  });
  const scheduler = createReportScheduler({ ...parts, desk });
  return {
    make: desk.make,
    figures: desk.figures,
    schedules: scheduler.status,
    start: scheduler.start,
    async stop() {
      await scheduler.stop();
      sampler.stop();
      hardware.close();
    },
  };
}
