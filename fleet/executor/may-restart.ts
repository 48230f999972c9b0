import type { HostFacts } from "#fleet/lifecycle/decision.ts";
import { drainOfCordon } from "#fleet/lifecycle/drain-cordon.ts";
import type { Execution } from "#fleet/lifecycle/execution.ts";

/**
 * Whether what a drain stopped is started when its fence is lifted: not when a lease has ended that
 * ran when the drain began, for its work may run elsewhere by now.
 */
export async function mayRestart(
  execution: Pick<Execution, "operation">,
  facts: HostFacts,
): Promise<boolean> {
  const drains = facts.holds.map(drainOfCordon).filter((drain) => drain !== null);
  if (drains.length === 0) return false;
  for (const { operationId } of drains) {
    const operation = await execution.operation(operationId);
    if (operation?.detail.kind !== "drain") return false;
    const had = operation.detail.notices.flatMap(({ leases }) => leases);
    if (had.some((id) => !facts.leases.some((lease) => lease.id === id))) return false;
  }
  return true;
}
