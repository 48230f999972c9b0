import { join } from "node:path";
import { holdFileDefault, readHold } from "#agent/commands/hold-file.ts";
import type { HostControl } from "#agent/commands/host-control.ts";
import { joinControls } from "#agent/commands/joined-control.ts";
import {
  createLiveHostControl,
  notConfigured,
  whyNotBooted,
} from "#agent/commands/live-host-control.ts";
import type { OrderHands } from "#agent/commands/order-effects.ts";
import type { AgentConfig } from "#agent/config/agent-config.ts";
import { createHandedControl } from "#agent/hands/handed-control.ts";
import { createHandsClient } from "#agent/hands/hands-client.ts";
import type { Whose } from "#agent/hands/question.ts";
import { openOrderJournalFile } from "#agent/journal/order-journal-file.ts";
import type { ProgramEffects } from "./program-effects.ts";

/** Where hooks lie unless the file says otherwise; the second is for a machine of one's own. */
const hooksDefault = "/etc/wws-agent/drain.d";

/** Where wws-hands.socket listens. */
const handsSocket = "/run/wws-agent/hands.sock";

/** Where a person at the host may lay a hold; the second is for a machine of one's own. */
export function holdPathsOf({ data }: Pick<AgentConfig, "data">): readonly string[] {
  return [holdFileDefault, join(data, "hold")];
}

/** What this process carries orders out with. A host that only pretends to be one is not touched. */
export function openHands(
  config: AgentConfig,
  { failPoint, clock }: Pick<ProgramEffects, "failPoint" | "clock">,
  whose: Whose,
): OrderHands | null {
  if (config.simulated) return null;
  return {
    journal: openOrderJournalFile(config.data),
    control: openControl(config, clock, whose),
    readHold: () => readHold(holdPathsOf(config)),
    failPoint,
  };
}

/** Root acts itself; an agent without rights has done by root's helper what `hands.may` names. */
function openControl(
  config: AgentConfig,
  clock: ProgramEffects["clock"],
  whose: Whose,
): HostControl {
  const uid = process.getuid?.() ?? 0;
  const may = uid === 0 ? [] : config.handsMay;
  const hooks =
    config.drainHooks === null ? [hooksDefault, join(config.data, "drain.d")] : [config.drainHooks];
  const own = createLiveHostControl({
    systemd: config.drainSystemd,
    hooks: may.includes("hooks") ? [] : hooks,
    tenantMounts: config.drainTenantMounts,
    uid,
    unitsOnlySeen: may.includes("units"),
  });
  if (may.length === 0) return own;
  const handed = createHandedControl({
    client: createHandsClient(handsSocket, clock),
    whose,
    asksHooks: may.includes("hooks"),
    acts: may.includes("units") || may.includes("hooks"),
    whyNoReboot: () => (may.includes("reboot") ? whyNotBooted() : notConfigured("reboot")),
  });
  return joinControls(own, handed);
}
