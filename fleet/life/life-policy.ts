import type { FleetConfig } from "#fleet/config/fleet-config.ts";
import { labPolicy, type PlanPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";

/** What the configuration makes of the compiled numbers: budgets may be lower, ceremony greater. */
export function policyOf({ profile, budgets, onFault }: FleetConfig): PlanPolicy {
  return { ...labPolicy, budgets, onFault, approval: profile === "lab" ? "none" : "second-person" };
}
