import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { noBmcWhy, type PowerOrder, type PowerReading } from "#fleet/lifecycle/power.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, type Result } from "#proto/vocabulary/result.ts";

/**
 * A host's baseboard management controller, as the executor sees it. One call at a time for each; what
 * it says is a witness and no proof. Never rejects; a call ends soon after its signal is aborted.
 */
export interface BmcPort {
  /** Whether its address and password are known; from memory. */
  isConfigured(host: HostRecord): boolean;
  power(hostId: HostId, signal: AbortSignal): Promise<Result<PowerReading, BmcProblem>>;
  /** `ok`: it said that it will. */
  setPower(
    hostId: HostId,
    order: PowerOrder,
    signal: AbortSignal,
  ): Promise<Result<void, BmcProblem>>;
  /** Whether its light blinks; null: it does not say. */
  light(hostId: HostId, signal: AbortSignal): Promise<Result<boolean | null, BmcProblem>>;
  /** Lets its light blink for so long, at most 255 s; 0: out. */
  setLight(hostId: HostId, forMs: number, signal: AbortSignal): Promise<Result<void, BmcProblem>>;
}

/** `detail`: what happened, in words, without a password. */
export interface BmcProblem {
  readonly kind:
    | "not-configured"
    /** Nobody knows whether it was done. */
    | "unanswered"
    /** It said no, or that it cannot; nothing was done. */
    | "refused"
    /** It has been silent for so long that it is left alone for a while; nothing was asked. */
    | "resting"
    /** It was not wanted any more when its turn came; nothing was asked. */
    | "withdrawn";
  readonly detail: string;
  /** `resting`: until then, unix ms. */
  readonly untilMs?: number;
}

const notConfigured = async () =>
  fail({ kind: "not-configured", detail: noBmcWhy({ name: "it" }).words } as const);

/** Of a manager that has no addresses and passwords of BMCs. */
export const noBmc: BmcPort = {
  isConfigured: () => false,
  power: notConfigured,
  setPower: notConfigured,
  light: notConfigured,
  setLight: notConfigured,
};
