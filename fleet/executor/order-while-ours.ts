import { heldWhy } from "#fleet/lifecycle/held-why.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { Verb } from "#fleet/lifecycle/verbs.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { ExecutorEffects } from "./executor-effects.ts";
import type { OrderAnswer, OrderProblem } from "./host-port.ts";

/**
 * Orders, and takes back what still waits as soon as the operation is paused, has ended or goes on
 * at another epoch, a hold forbids `verb`, or the cell is frozen: a host that comes back must not
 * first be told what nobody wants any more.
 */
export async function orderWhileOurs(
  effects: Pick<ExecutorEffects, "clock" | "events" | "execution" | "hosts" | "leads" | "log">,
  operation: Pick<OperationRecord, "id" | "hostId" | "epoch" | "kind">,
  order: HostOrder,
  validMs: number,
  verb: Verb | null = null,
): Promise<Result<OrderAnswer, OrderProblem>> {
  const { clock, events, execution, hosts, log } = effects;
  const { id, hostId, epoch, kind } = operation;
  const look = async (): Promise<void> => {
    try {
      const facts = await execution.facts(hostId);
      const now = facts?.operation;
      const isHeld =
        facts !== undefined &&
        verb !== null &&
        heldWhy(facts, [verb], clock.nowUnixMs()).length > 0;
      const isOurs = now?.id === id && now.epoch === epoch && now.status === "running";
      if (isOurs && !isHeld && effects.leads(kind)) return;
      hosts.withdraw(hostId, id, epoch);
    } catch (error) {
      log.error(
        { err: error, hostId, operationId: id },
        "whether an order still counts is unknown",
      );
    }
  };
  const unsubscribe = events.subscribe((event) => {
    // A hold that comes or goes is a change of its host.
    const isNews = event.kind === "operation-changed" || event.kind === "host-changed";
    if (event.kind === "freeze-changed" || (isNews && event.hostId === hostId)) void look();
  });
  try {
    return await hosts.order(hostId, order, validMs);
  } finally {
    unsubscribe();
  }
}
