import type { AlertId, HostId, OperationId, PendingId, PlanId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { LinkState } from "./links.ts";

/** What the fleet tells its watchers (the console's event stream). Small: watchers fetch the rest. */
export type FleetEvent =
  | { readonly kind: "host-changed"; readonly hostId: HostId }
  | { readonly kind: "host-removed"; readonly hostId: HostId }
  | { readonly kind: "host-state"; readonly hostId: HostId }
  | { readonly kind: "link-changed"; readonly hostId: HostId; readonly state: LinkState }
  /** Points up to `untilMs` are durable and can be queried. */
  | { readonly kind: "host-telemetry"; readonly hostId: HostId; readonly untilMs: UnixMs }
  | {
      readonly kind: "health-changed";
      readonly hostId: HostId;
      readonly verdict: "ok" | "degraded" | "failing" | "failed" | "unknown";
    }
  /** A new boot, and why: GET /hosts/{id}/explain has the rest. */
  | { readonly kind: "host-rebooted"; readonly hostId: HostId; readonly cause: string }
  /** Step, status or what it waits for. */
  | {
      readonly kind: "operation-changed";
      readonly hostId: HostId;
      readonly operationId: OperationId;
    }
  | { readonly kind: "plan-changed"; readonly planId: PlanId }
  /** Many hosts were lost together, or that grew wider, or a person has looked. */
  | { readonly kind: "domain-event"; readonly alertId: AlertId }
  /** It was opened, changed, acknowledged, silenced or resolved. */
  | { readonly kind: "alert-changed"; readonly alertId: AlertId }
  /** Somebody stopped everything that changes a host, or wants that lifted, or it is. */
  | { readonly kind: "freeze-changed" }
  | { readonly kind: "pending-changed"; readonly pendingId: PendingId }
  /** Of a federation alone: one of its cells is heard, or is not heard any more. */
  | { readonly kind: "cell-changed"; readonly cell: string; readonly state: string };

export interface FleetEvents {
  publish(event: FleetEvent): void;
  /** Listeners must return quickly and never throw; the answer ends the subscription. */
  subscribe(listener: (event: FleetEvent) => void): () => void;
}
