import type { ControlStore } from "#fleet/storage/control-store.ts";
import type { FleetEffects } from "./fleet-effects.ts";

/**
 * Who leads is written down for each process. On SQLite the data folder is claimed by one alone: one
 * that was killed is not waited for, and its term is over.
 */
export async function holderOf(
  store: ControlStore,
  { random, pid }: Pick<FleetEffects, "random" | "pid">,
): Promise<string> {
  if (store.kind === "postgres") return `${pid}-${Buffer.from(random.bytes(8)).toString("hex")}`;
  await store.leader.release(folderHolder);
  return folderHolder;
}

const folderHolder = "the owner of the data folder";
