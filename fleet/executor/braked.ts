import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Verb } from "#fleet/lifecycle/verbs.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { ExecutorEffects } from "./executor-effects.ts";

/** Many hosts were lost together: a host that comes back is neither switched nor restarted by itself. */
export function brakedWhy(
  { whyStopped }: Pick<ExecutorEffects, "whyStopped">,
  host: HostRecord,
  verb: Verb,
): readonly Why[] {
  if (verb !== "power" && verb !== "reboot") return [];
  const why = whyStopped?.(host) ?? null;
  return why === null ? [] : [why];
}
