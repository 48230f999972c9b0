import { join } from "node:path";
import { holdFileDefault, readHold } from "#agent/commands/hold-file.ts";
import { createLiveHostControl } from "#agent/commands/live-host-control.ts";
import type { OrderHands } from "#agent/commands/order-effects.ts";
import type { AgentConfig } from "#agent/config/agent-config.ts";
import { openOrderJournalFile } from "#agent/journal/order-journal-file.ts";
import type { ProgramEffects } from "./program-effects.ts";

/** Where hooks lie unless the file says otherwise; the second is for a machine of one's own. */
const hooksDefault = "/etc/wws-agent/drain.d";

/** Where a person at the host may lay a hold; the second is for a machine of one's own. */
export function holdPathsOf({ data }: Pick<AgentConfig, "data">): readonly string[] {
  return [holdFileDefault, join(data, "hold")];
}

/** What this process carries orders out with. A host that only pretends to be one is not touched. */
export function openHands(
  config: AgentConfig,
  { failPoint }: Pick<ProgramEffects, "failPoint">,
): OrderHands | null {
  if (config.simulated) return null;
  const hooks =
    config.drainHooks === null ? [hooksDefault, join(config.data, "drain.d")] : [config.drainHooks];
  return {
    journal: openOrderJournalFile(config.data),
    control: createLiveHostControl({
      systemd: config.drainSystemd,
      hooks,
      tenantMounts: config.drainTenantMounts,
      uid: process.getuid?.() ?? 0,
    }),
    readHold: () => readHold(holdPathsOf(config)),
    failPoint,
  };
}
