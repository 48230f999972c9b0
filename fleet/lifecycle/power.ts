import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { Why } from "./why.ts";

/**
 * What can be asked of a host's power. `soft`: its system is asked to stop, as by its button; `cycle`:
 * off and on again, hard.
 */
export const powerOrders = ["on", "off", "cycle", "soft"] as const;
export type PowerOrder = (typeof powerOrders)[number];

/** What a host's BMC says of its power at one moment; it may be wrong. */
export interface PowerReading {
  readonly state: "on" | "off";
  readonly observedMs: UnixMs;
}

/** What a host without a BMC that we may ask is refused with. */
export function noBmcWhy(host: Pick<HostRecord, "name">): Why {
  return {
    code: "bmc",
    words: `no BMC is configured for ${host.name}: this release has no store for addresses and passwords of BMCs yet`,
    who: "whoever stands at the machine",
    command: null,
    untilMs: null,
  };
}
