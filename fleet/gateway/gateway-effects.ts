import type { HostIdentity } from "#fleet/identity/host-identity.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { GatewaySettings } from "./gateway-settings.ts";
import type { LinkTracker } from "./links.ts";

/** Everything a gateway touches; of each port only what it needs. */
export interface GatewayEffects {
  readonly identity: Pick<HostIdentity, "authenticate" | "enrol" | "onRevoked" | "revokedKeys">;
  readonly inventory: Pick<Inventory, "recordSession" | "recordState" | "reread">;
  readonly telemetry: Pick<
    Telemetry,
    "knowsDictionary" | "addDictionary" | "append" | "acknowledged"
  >;
  readonly links: LinkTracker;
  readonly health: SessionWitness;
  readonly events: FleetEvents;
  /** Term of leadership, that every welcome and command carries; asked each time. */
  readonly term: () => number;
  /** The term that a host knows, told as it connects; a listener returns quickly and never throws. */
  readonly onTerm?: (hostId: HostId, term: number) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: GatewaySettings;
}

/** Hears of a session before anything of it is recorded: what is known is still of the boot before. */
export interface SessionWitness {
  sessionOpens(hostId: HostId, bootId: BootId): Promise<void>;
}
