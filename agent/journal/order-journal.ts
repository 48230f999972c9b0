import type { OrderAction } from "#proto/messages/orders.ts";
import type { BootId, HostId, OperationId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/**
 * What a host remembers of orders over a restart of the agent and of the host. Written whole before
 * anything is done; see docs/decisions/0014.
 */
export interface OrderFacts {
  readonly format: 1;
  /** Whose orders these are: another identity, or generation, begins with none. */
  readonly hostId: HostId;
  readonly generation: number;
  /** Highest of any order that was taken. */
  readonly epoch: number;
  readonly term: number;
  /** null: new work is taken. */
  readonly fence: {
    readonly operationId: OperationId;
    readonly epoch: number;
    /** Of the first fence since a release, by the manager's clock; older releases do not say. */
    readonly sinceMs?: UnixMs;
  } | null;
  readonly evacuation: EvacuationFacts | null;
  /** Orders of late, oldest first, at most `ordersKept`. */
  readonly orders: readonly OrderEntry[];
}

/** The last evacuation; one at a time. */
export interface EvacuationFacts {
  readonly operationId: OperationId;
  readonly epoch: number;
  readonly deadlineMs: UnixMs;
  readonly graceMs: number;
  readonly force: boolean;
  readonly state: "running" | "halted" | "ended" | "failed";
  /** What ran when it began: what a release may start again. By the adapters' names. */
  readonly workloads: readonly string[];
}

export interface OrderEntry {
  /** Of the command that brought it first. */
  readonly commandId: string;
  /** Operation, epoch and action with its arguments: what is done once. */
  readonly key: string;
  readonly action: OrderAction["kind"];
  readonly epoch: number;
  /** The boot in which it was begun: a reboot is over when this differs. */
  readonly bootId: BootId;
  readonly state: "received" | "started" | "done";
  /** null until done. */
  readonly answer: { readonly result: "done" | "failed"; readonly detail: string } | null;
}

export interface OrderJournal {
  /** For messages: where it is. */
  readonly path: string;
  /** null: no order was ever taken. Throws JournalError when it is there and cannot be understood. */
  read(): OrderFacts | null;
  /** On disk when this returns. Throws JournalError when it cannot be written. */
  write(facts: OrderFacts): void;
}

export const ordersKept = 256;

export function newOrderFacts(hostId: HostId, generation: number): OrderFacts {
  return {
    format: 1,
    hostId,
    generation,
    epoch: 0,
    term: 0,
    fence: null,
    evacuation: null,
    orders: [],
  };
}
