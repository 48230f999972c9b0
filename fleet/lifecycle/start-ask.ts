import type { Phase } from "#fleet/inventory/host-record.ts";
import type { HoldId, OperationId, PlanId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { Asker } from "./lifecycle.ts";
import type { PlanAction } from "./plan.ts";
import type { HostFound } from "./operation.ts";
import type { Why } from "./why.ts";

export interface StartAsk {
  readonly action: PlanAction;
  readonly planId: PlanId | null;
  readonly asker: Asker;
  readonly found?: HostFound;
  readonly foundHeardMs?: UnixMs;
}

export interface StartPolicy {
  /** Freeze, safe mode, a domain event: what stops every M and D here; empty: nothing does. */
  readonly brakes: readonly Why[];
  /** Whether an emergency wants two people. */
  readonly emergencyNeedsTwo: boolean;
  /** Where a quarantined host was before; null: nobody knows. */
  readonly backTo: Phase | null;
  /** Whether its BMC is known and may be asked. */
  readonly hasBmc: boolean;
  readonly nowMs: UnixMs;
  readonly newOperationId: () => OperationId;
  readonly newHoldId: () => HoldId;
}
