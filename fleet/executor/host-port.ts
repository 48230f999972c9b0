import type { HostOrder, OrderEvidence, OrderProgress } from "#proto/messages/orders.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
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
