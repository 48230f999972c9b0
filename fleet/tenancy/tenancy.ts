import type { Trust } from "#fleet/inventory/host-record.ts";
import type { HostId, LeaseId, TenantId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/** Whose work runs on leased hosts. */
export interface TenantRecord {
  readonly id: TenantId;
  /** Unique in the cell: `photo`, `shop`, `acme`. */
  readonly name: string;
  /** Where notices go; null: nowhere, and the record of delivery says so. */
  readonly webhook: string | null;
  readonly createdMs: UnixMs;
  readonly version: number;
}

/** How long before a host is touched its tenant hears of it. */
export const noticeClasses = {
  none: { noticeMs: 0 },
  hour: { noticeMs: 3_600_000 },
  day: { noticeMs: 86_400_000 },
  week: { noticeMs: 7 * 86_400_000 },
} as const;
export type NoticeClass = keyof typeof noticeClasses;

/**
 * What becomes of a lease when its host is drained. `migrate`: the workload moves by its own adapter;
 * `replace`: another host first, then this one is given up; `wait`: until the tenant ends it;
 * `stop-at-deadline`: stopped gracefully so that it is over by the deadline.
 */
export const evacuationStrategies = ["migrate", "replace", "wait", "stop-at-deadline"] as const;
export type EvacuationStrategy = (typeof evacuationStrategies)[number];

/** A tenant's right to a host or to a share of it. */
export interface LeaseRecord {
  readonly id: LeaseId;
  readonly tenantId: TenantId;
  readonly hostId: HostId;
  readonly share: "exclusive" | "shared";
  readonly trust: Trust;
  readonly notice: NoticeClass;
  readonly evacuation: EvacuationStrategy;
  /** Workloads that belong to it, as the host's adapters name them: `systemd:photo-store.service`. */
  readonly workloads: readonly string[];
  readonly startsMs: UnixMs;
  /** null: it runs on; else it was ended then. */
  readonly endedMs: UnixMs | null;
  /** Counts every change; written by compare-and-swap. */
  readonly version: number;
  readonly createdBy: string;
}
