import type { Command, CommandOutcome } from "#proto/messages/frames.ts";
import type { HostOrder, OrderProgress } from "#proto/messages/orders.ts";

/**
 * Carries out a manager's orders, one after the other, each at most once for its operation, epoch
 * and action: noted on disk before it acts, answered from there when it comes again.
 */
export interface OrderDesk {
  /** Never rejects. */
  carryOut(command: Command, order: HostOrder): Promise<CommandOutcome>;
  /** Goes on with what the run before began: the fence, an evacuation, a reboot that is over. */
  resume(): Promise<void>;
  /** The newest progress that was not taken yet. */
  takeProgress(): OrderProgress | null;
  /** A new session: its manager may not have heard the last progress. */
  sayAgain(): void;
  stop(): void;
}

/** Of an agent that only looks. */
export const noOrderDesk: OrderDesk = {
  carryOut: async ({ id }) => ({
    commandId: id,
    result: "refused",
    detail: "this agent only looks: it was started without anything to act with",
    evidence: null,
  }),
  resume: async () => {},
  takeProgress: () => null,
  sayAgain: () => {},
  stop: () => {},
};
