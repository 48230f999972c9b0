import { type HoldNotice, readHold } from "#agent/commands/hold-file.ts";
import type { AgentConfig } from "#agent/config/agent-config.ts";
import { openOrderJournalFile } from "#agent/journal/order-journal-file.ts";
import type { OrderFacts } from "#agent/journal/order-journal.ts";
import { holdPathsOf } from "./open-hands.ts";

/** What stands between this host and new work, or new orders. */
export interface HandsStatus {
  readonly fence: OrderFacts["fence"];
  readonly hold: HoldNotice | null;
  /** Why nobody knows whether it is fenced; null: known. */
  readonly ordersProblem: string | null;
}

/** As it is on disk, also while no agent runs. `hostId` null: not known, whosever orders they are. */
export function readHands(
  config: Pick<AgentConfig, "data" | "simulated">,
  hostId: string | null,
): HandsStatus {
  if (config.simulated) return { fence: null, hold: null, ordersProblem: null };
  const hold = readHold(holdPathsOf(config));
  try {
    const facts = openOrderJournalFile(config.data).read();
    const isOurs = hostId === null || facts?.hostId === hostId;
    return { fence: isOurs ? (facts?.fence ?? null) : null, hold, ordersProblem: null };
  } catch (error) {
    const ordersProblem = error instanceof Error ? error.message : String(error);
    return { fence: null, hold, ordersProblem };
  }
}
