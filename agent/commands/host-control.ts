import type { Workload } from "#proto/messages/orders.ts";
import type { OperationId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/**
 * What an order does to this host: the one door from the order desk to units, hooks, mounts and the
 * power. Nothing here decides whether it may. No method rejects; each may be called again after a
 * kill at any moment, and then goes on where it was.
 */
export interface HostControl {
  /** What is there now, asked anew of every adapter and of the mount table. */
  look(): Promise<HostSight>;
  /** Nothing new is begun from here on; what runs goes on, and may restart. */
  fence(ask: OrderName): Promise<ControlAnswer>;
  /** After a start of the agent, with the fence up: what does not outlive a reboot is put up again. */
  holdFence(ask: OrderName): Promise<ControlAnswer>;
  /**
   * Asks what runs to move or stop, and bars it from coming back; answers once all were asked, which
   * may take `graceMs`. `isHard` ends it without asking. Aborting ends what was begun here.
   */
  evacuate(ask: EvacuationAsk, signal: AbortSignal): Promise<ControlAnswer>;
  /** What is stopped stays stopped, what was asked and can be taken back is. */
  halt(ask: OrderName): Promise<ControlAnswer>;
  /** Lifts the fence; `restart` names what shall run again. */
  release(ask: OrderName & { readonly restart: readonly string[] }): Promise<ControlAnswer>;
  /** null: this host can be restarted; else in words why not. */
  whyNoReboot(): string | null;
  /** Answers once the system has taken it on; it goes down soon after. */
  reboot(ask: OrderName & { readonly graceMs: number }): Promise<ControlAnswer>;
}

export interface OrderName {
  readonly operationId: OperationId;
  readonly epoch: number;
}

export interface EvacuationAsk extends OrderName {
  readonly deadlineMs: UnixMs;
  readonly graceMs: number;
  readonly isHard: boolean;
  /** Which of them; by the names that `look` gives. */
  readonly workloads: readonly string[];
}

export interface HostSight {
  /** Those that are stopped too, where the adapter knows of them. */
  readonly workloads: readonly Workload[];
  readonly tenantMounts: readonly string[];
  /** `hook/kubernetes: gave no answer within 10 s`; empty: all of it was seen. */
  readonly unasked: readonly string[];
  /** For people; empty, or what the sight does not cover: `no adapter is configured here`. */
  readonly note: string;
}

export interface ControlAnswer {
  /** What went wrong, each with the adapter's name first; empty: it was done. */
  readonly problems: readonly string[];
}

/** Runs for somebody still. */
export function isThere({ state }: Workload): boolean {
  return state !== "stopped";
}
