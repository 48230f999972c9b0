import { createAudit } from "#fleet/audit/create-audit.ts";
import { startHeadExport } from "#fleet/audit/export-head.ts";
import type { FleetConfig } from "#fleet/config/fleet-config.ts";
import { createAuditHeadsFile } from "#fleet/storage/audit-heads-file.ts";
import { openBlockFolder } from "#fleet/storage/block-folder-files.ts";
import { openControlStore } from "#fleet/storage/control-store.ts";
import { openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import type { FleetEffects } from "./fleet-effects.ts";

/**
 * What the manager of a cell keeps: the control store, the audit over it, the telemetry. Each is
 * handed to `onStop` as soon as it is open. Throws StoreError, TelemetryError.
 */
export async function openStores(
  config: Pick<FleetConfig, "cell" | "dataFolder" | "databaseUrl" | "telemetry">,
  effects: Pick<FleetEffects, "clock" | "random" | "log" | "release">,
  onStop: (closer: () => Promise<void> | void) => void,
) {
  const { clock, random, log, release } = effects;
  const { cell, dataFolder } = config;
  const store = await openControlStore(
    config.databaseUrl === null
      ? { sqlite: `${dataFolder}/control.sqlite` }
      : { postgres: config.databaseUrl },
    { clock, random, log, release, cell },
  );
  onStop(() => store.close());
  const auditParts = {
    store: store.audit,
    heads: createAuditHeadsFile(dataFolder),
    clock,
    log: log.child({ component: "audit" }),
  };
  const headExport = startHeadExport(auditParts);
  onStop(() => headExport.stop());
  const audit = createAudit(auditParts);
  onStop(() => audit.stop());
  const blocks = openBlockFolder(`${dataFolder}/telemetry`);
  onStop(() => blocks.close());
  const telemetry = await openTelemetry({ folder: blocks, clock, log, config: config.telemetry });
  onStop(() => telemetry.close());
  return { store, auditParts, audit, blocks, telemetry };
}
