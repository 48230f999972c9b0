import type { HostOrder, OrderEvidence, OrderProgress } from "#proto/messages/orders.ts";
import type { HostId, OperationId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";

/** A host's agent, as the executor sees it; the gateway implements it. */
export interface HostPort {
  /**
   * Delivered at least once while it is valid, done by the host at most once for each
   * (operation, epoch, action); settled by its answer.
   */
  order(
    hostId: HostId,
    order: HostOrder,
    validMs: number,
  ): Promise<Result<OrderAnswer, OrderProblem>>;
  /**
   * The operation was paused, canceled or begun anew: what it ordered up to this epoch and nobody
   * answered is not delivered any more and settled as given up; halts and releases stay. What is on
   * its way already may still be done.
   */
  withdraw(hostId: HostId, operationId: OperationId, epoch: number): void;
  /** Every progress that any host tells; listeners return quickly and never throw. */
  onProgress(listener: (hostId: HostId, progress: OrderProgress) => void): () => void;
}

export interface OrderAnswer {
  readonly result: "done" | "refused" | "failed";
  readonly detail: string;
  /** null: an agent too old to say. */
  readonly evidence: OrderEvidence | null;
}

export type OrderProblem =
  /** The host was not there, or did not answer in time: nobody knows whether it was done. */
  { readonly kind: "unanswered" } | { readonly kind: "queue-full" } | { readonly kind: "given-up" };
