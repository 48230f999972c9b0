import { join } from "node:path";
import type { AuditStore } from "#fleet/audit/audit-entry.ts";
import type { IdentityStore } from "#fleet/identity/identity-store.ts";
import type { PeopleStore } from "#fleet/identity/people-store.ts";
import type { HealthStore } from "#fleet/health/health-store.ts";
import type { InventoryStore } from "#fleet/inventory/inventory-store.ts";
import type { LeaderStore, LifeStore } from "#fleet/lifecycle/life-store.ts";
import type { FreezeStore } from "#fleet/lifecycle/freeze.ts";
import type { SafeModeStore } from "#fleet/lifecycle/safe-mode.ts";
import type { ReportStore } from "#fleet/reports/report-store.ts";
import type { CellId } from "#proto/vocabulary/ids.ts";
import type { AlertStore } from "#fleet/alerts/alert-store.ts";
import type { DomainEventStore } from "#fleet/lifecycle/domain-event-store.ts";
import { createAlertTables, createDomainEventTables } from "./alert-tables.ts";
import { createAuditTables } from "./audit-tables.ts";
import { checkControlStore, type StoreFinding } from "./check-control-store.ts";
import { writeDump } from "./dump.ts";
import { openEngine, type StorePlace } from "./engine.ts";
import { createFreezeRows } from "./freeze-rows.ts";
import { createHealthTables } from "./health-tables.ts";
import { createIdentityTables } from "./identity-tables.ts";
import { createInventoryTables } from "./inventory-tables.ts";
import { createLeaderTable } from "./leader-table.ts";
import { createLifeTables } from "./life-tables.ts";
import { createPeopleTables } from "./people-tables.ts";
import { migrate, schemaVersion } from "./migrate.ts";
import { createReportTables } from "./report-tables.ts";
import { backupKey, createSafeModeRows, noticeRestored } from "./safe-mode-rows.ts";
import { markSqliteFile } from "./sqlite-file.ts";
import type { RetryEffects } from "./retry.ts";

export interface ControlStore {
  readonly kind: "sqlite" | "postgres";
  readonly inventory: InventoryStore;
  readonly identity: IdentityStore;
  readonly people: PeopleStore;
  readonly health: HealthStore;
  readonly lifecycle: LifeStore;
  readonly leader: LeaderStore;
  readonly safeMode: SafeModeStore;
  readonly freeze: FreezeStore;
  readonly audit: AuditStore;
  readonly reports: ReportStore;
  readonly domainEvents: DomainEventStore;
  readonly alerts: AlertStore;
  readonly meta: StoreMeta;
  /** Reads everything and compares; never repairs. */
  check(): Promise<readonly StoreFinding[]>;
  /**
   * A consistent copy in a new file beneath `folder`, while the store goes on working; its path.
   * SQLite: a database (`control.sqlite`). PostgreSQL: JSON lines (`control.jsonl`, see dump.ts).
   */
  backup(folder: string): Promise<string>;
  close(): Promise<void>;
}

export interface StoreMeta {
  readonly schemaVersion: number;
  /** null where the store was opened without saying for which cell, and belongs to none yet. */
  readonly cell: CellId | null;
}

export interface ControlStoreOptions extends RetryEffects {
  /** Of this program: `0.1.0`. */
  readonly release: string;
  /** The cell that owns the store; null: whichever does (for checks and backups). */
  readonly cell: CellId | null;
}

/**
 * Opens the control store, makes or migrates its tables, and answers its doors. Throws StoreError:
 * `STORE_NEWER` and `STORE_OTHER_CELL` before anything is written, `STORE_DAMAGED`,
 * `STORE_UNREACHABLE`.
 */
export async function openControlStore(
  place: StorePlace,
  options: ControlStoreOptions,
): Promise<ControlStore> {
  const engine = await openEngine(place, options);
  try {
    const found = await migrate(engine, options);
    if (found < schemaVersion)
      options.log.info({ from: found, to: schemaVersion }, "control store migrated");
    // A check, or a copy of it, leaves a backup the backup that it is.
    if (options.cell !== null && (await noticeRestored(engine)))
      options.log.warn(
        {},
        "control store was restored from a backup: safe mode, until two people acknowledge",
      );
    return {
      kind: engine.kind,
      inventory: createInventoryTables(engine, options.log),
      identity: createIdentityTables(engine),
      people: createPeopleTables(engine),
      health: createHealthTables(engine, options.log),
      lifecycle: createLifeTables(engine),
      leader: createLeaderTable(engine),
      safeMode: createSafeModeRows(engine),
      freeze: createFreezeRows(engine),
      audit: createAuditTables(engine),
      reports: createReportTables(engine, options.log),
      domainEvents: createDomainEventTables(engine),
      alerts: createAlertTables(engine),
      meta: { schemaVersion, cell: options.cell },
      check: () => checkControlStore(engine),
      async backup(folder) {
        const path = join(folder, engine.file === null ? "control.jsonl" : "control.sqlite");
        if (engine.file === null) await writeDump(engine, path, options.release);
        else {
          await engine.file.copyTo(path);
          markSqliteFile(path, backupKey, String(engine.nowUnixMs()));
        }
        return path;
      },
      close: () => engine.close(),
    };
  } catch (cause) {
    await engine.close();
    throw cause;
  }
}
