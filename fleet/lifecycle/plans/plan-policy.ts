import type { FaultPolicy } from "../fault-policy.ts";
import { lifecycleNumbers } from "../numbers.ts";
import { type Budgets, compiledBudgets } from "./budget-limits.ts";

/** What plans of this cell are held to. */
export interface PlanPolicy {
  readonly budgets: Budgets;
  /**
   * `second-person`: above the thresholds, and for an emergency, somebody else than its maker must
   * apply a plan. `none`: the operator's own apply is enough (profile `lab`).
   */
  readonly approval: "none" | "second-person";
  readonly soakMs: number;
  /** What a host's failing health does by itself. */
  readonly onFault: FaultPolicy;
  readonly brokenShareMax: number;
}

export const labPolicy: PlanPolicy = {
  budgets: compiledBudgets,
  approval: "none",
  soakMs: lifecycleNumbers.soakMs,
  onFault: "drain",
  brokenShareMax: lifecycleNumbers.brokenShareMax,
};
