import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Lifecycle, LifeExplanation, LifeView, Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { LeaseRecord, TenantRecord } from "#fleet/tenancy/tenancy.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Host } from "./host-schemas.ts";
import type { LifeExplanationView } from "./life-schemas.ts";
import type { Operation } from "./operation-schemas.ts";
import type { Plan, PlanSummary } from "./plan-schemas.ts";
import type { LeaseView } from "./tenancy-schemas.ts";

/** What the routes over the lifecycle share. */
export interface LifeParts {
  readonly inventory: Inventory;
  readonly lifecycle: Lifecycle;
  readonly plans: Plans;
  readonly tenancy: Tenancy;
}

export type NameTenant = (lease: LeaseRecord) => string;

/** A lease names its tenant for people; one whose tenant is not known is named by its id. */
export function tenantNames(tenants: readonly TenantRecord[]): NameTenant {
  const names = new Map(tenants.map(({ id, name }) => [id, name]));
  return ({ tenantId }) => names.get(tenantId) ?? tenantId;
}

export function viewLease(lease: LeaseRecord, nameTenant: NameTenant): LeaseView {
  return { ...lease, tenant: nameTenant(lease) };
}

/** The part of a host's view that is of its life. */
export function viewLife(
  life: LifeView,
  nameTenant: NameTenant,
): Pick<Host, "lifecycle" | "holds" | "leases" | "schedulable" | "data"> {
  return {
    lifecycle: life.lifecycle,
    holds: life.holds,
    leases: life.leases.map((lease) => viewLease(lease, nameTenant)),
    schedulable: { isSchedulable: life.isSchedulable, why: life.whyNotSchedulable },
    data: life.data,
  };
}

export async function viewOperation(
  inventory: Inventory,
  operation: OperationRecord,
): Promise<Operation> {
  const host = await inventory.host(operation.hostId);
  return { ...operation, host: host?.name ?? operation.hostId };
}

export async function viewExplanation(
  parts: Pick<LifeParts, "inventory" | "tenancy">,
  told: LifeExplanation,
): Promise<LifeExplanationView> {
  const { view, operation, phase, sinceMs, waitsFor, next, verbs } = told;
  const life = viewLife(view, tenantNames(await parts.tenancy.tenants()));
  const shown = operation === null ? null : await viewOperation(parts.inventory, operation);
  return { phase, sinceMs, ...life, operation: shown, waitsFor, next, verbs };
}

/** A host that waits says what for, judged anew; the others as they were written. */
export function viewPlan(plans: Plans, plan: PlanRecord): Plan {
  if (plan.status !== "applying" && plan.status !== "paused") return plan;
  const hosts = plan.hosts.map((host) =>
    host.state === "waiting" ? { ...host, why: plans.waiting(plan, host) } : host,
  );
  return { ...plan, hosts };
}

/** For lists: ten thousand hosts of fifty plans are no list of plans. */
export function summarizePlan(plan: PlanRecord): PlanSummary {
  const { hosts, ...rest } = plan;
  const counts = new Map<string, number>();
  for (const { state } of hosts) counts.set(state, (counts.get(state) ?? 0) + 1);
  const [only] = hosts;
  return {
    ...rest,
    hostCount: hosts.length,
    hostCounts: Object.fromEntries(counts),
    onlyHost: hosts.length === 1 && only !== undefined ? only.name : null,
  };
}
