import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { ExecutorEffects } from "./executor-effects.ts";
import type { OrderAnswer, OrderProblem } from "./host-port.ts";

/**
 * Orders, and takes back what still waits as soon as the operation is paused, has ended or goes on
 * at another epoch: a host that comes back must not first be told what nobody wants any more.
 */
export async function orderWhileOurs(
  effects: Pick<ExecutorEffects, "events" | "execution" | "hosts" | "log">,
  operation: Pick<OperationRecord, "id" | "hostId" | "epoch">,
  order: HostOrder,
  validMs: number,
): Promise<Result<OrderAnswer, OrderProblem>> {
  const { events, execution, hosts, log } = effects;
  const { id, hostId, epoch } = operation;
  const look = async (): Promise<void> => {
    try {
      const now = (await execution.facts(hostId))?.operation;
      if (now?.id === id && now.epoch === epoch && now.status === "running") return;
      hosts.withdraw(hostId, id, epoch);
    } catch (error) {
      log.error(
        { err: error, hostId, operationId: id },
        "whether an order still counts is unknown",
      );
    }
  };
  const unsubscribe = events.subscribe((event) => {
    if (event.kind === "operation-changed" && event.hostId === hostId) void look();
  });
  try {
    return await hosts.order(hostId, order, validMs);
  } finally {
    unsubscribe();
  }
}
