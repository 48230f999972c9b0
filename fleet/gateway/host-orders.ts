import type { HostPort, OrderAnswer, OrderProblem } from "#fleet/executor/host-port.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { CommandProblem } from "./command-queue.ts";
import type { AgentGateway } from "./gateway.ts";

/**
 * A host's agent as the executor sees it, over the gateway's sessions: an order waits for its host,
 * is sent again after each reconnect until it is answered or its time is over, and is settled by the
 * outcome with its id from that host alone. Progress is what a host says of itself.
 */
export function createHostOrders(
  gateway: Pick<AgentGateway, "command" | "withdraw" | "onProgress">,
): HostPort {
  return {
    order: async (hostId, order, validMs): Promise<Result<OrderAnswer, OrderProblem>> => {
      const answer = await gateway.command(hostId, { kind: "order", order }, validMs);
      if (!answer.ok) return fail(problemOf(answer.problem));
      const { result, detail, evidence } = answer.value;
      if (result !== "unspecified") return ok({ result, detail, evidence });
      // A word of a newer agent: not one that says it was done.
      const words = `the agent answered with a result that this release does not know: ${detail}`;
      return ok({ result: "failed", detail: words, evidence });
    },
    withdraw: (hostId, operationId, epoch) =>
      gateway.withdraw(
        hostId,
        (action) =>
          action.kind === "order" &&
          action.order.operationId === operationId &&
          action.order.epoch <= epoch &&
          !isUndoing(action.order),
      ),
    onProgress: (listener) => gateway.onProgress(listener),
  };
}

/** Makes good what an operation did, and is owed most of all when that is over. */
function isUndoing({ action }: HostOrder): boolean {
  return action.kind === "halt-evacuation" || action.kind === "release";
}

function problemOf(problem: CommandProblem): OrderProblem {
  return problem.kind === "expired" ? { kind: "unanswered" } : { kind: problem.kind };
}
