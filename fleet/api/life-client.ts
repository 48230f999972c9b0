import type { Static, TSchema } from "typebox";
import type { Query } from "./client.ts";
import {
  type AddHold,
  type HoldList,
  holdListSchema,
  type NamedHold,
  namedHoldSchema,
} from "./hold-schemas.ts";
import { type Host, hostSchema } from "./host-schemas.ts";
import {
  type Operation,
  type OperationList,
  operationListSchema,
  operationSchema,
} from "./operation-schemas.ts";
import {
  type CreatePlan,
  type Plan,
  type PlanList,
  planListSchema,
  planSchema,
} from "./plan-schemas.ts";
import { type HostPower, hostPowerSchema } from "./power-schemas.ts";
import {
  type AddLease,
  type AddTenant,
  type LeaseList,
  leaseListSchema,
  type NamedLease,
  namedLeaseSchema,
  type Tenant,
  type TenantList,
  tenantListSchema,
  tenantSchema,
} from "./tenancy-schemas.ts";

/** What is done to hosts, as functions. `key`: sent twice with one it acts once. */
export interface LifeClient {
  plans(query: Query): Promise<PlanList>;
  plan(id: string): Promise<Plan>;
  createPlan(wanted: CreatePlan, key: string): Promise<Plan>;
  applyPlan(id: string, hash: string, key: string): Promise<Plan>;
  changePlan(id: string, verb: Change, reason: string): Promise<Plan>;
  operations(query: Query): Promise<OperationList>;
  operation(id: string): Promise<Operation>;
  changeOperation(id: string, verb: Change, reason: string): Promise<Operation>;
  confirmOff(id: string, serial: string, reason: string): Promise<Operation>;
  holds(query: Query): Promise<HoldList>;
  addHold(hold: AddHold, key: string): Promise<NamedHold>;
  releaseHold(id: string, reason: string): Promise<void>;
  tenants(): Promise<TenantList>;
  addTenant(tenant: AddTenant, key: string): Promise<Tenant>;
  leases(query: Query): Promise<LeaseList>;
  addLease(lease: AddLease, key: string): Promise<NamedLease>;
  endLease(id: string): Promise<void>;
  hostPower(id: string): Promise<HostPower>;
  manageHost(id: string, reason: string): Promise<Host>;
  watchHost(id: string, reason: string): Promise<Host>;
}
export type Change = "pause" | "resume" | "cancel";

/** How a client asks; the schema is what the answer is checked with. */
export interface Asking {
  get<Schema extends TSchema>(schema: Schema, path: string, query?: Query): Promise<Static<Schema>>;
  post<Schema extends TSchema>(
    schema: Schema,
    path: string,
    body: object,
    key: string | null,
  ): Promise<Static<Schema>>;
  remove(path: string, query?: Query): Promise<void>;
}

export function createLifeClient({ get, post, remove }: Asking): LifeClient {
  const plan = (id: string, rest = "") => `/plans/${encodeURIComponent(id)}${rest}`;
  const operation = (id: string, rest = "") => `/operations/${encodeURIComponent(id)}${rest}`;
  const host = (id: string, rest: string) => `/hosts/${encodeURIComponent(id)}${rest}`;
  return {
    plans: (query) => get(planListSchema, "/plans", query),
    plan: (id) => get(planSchema, plan(id)),
    createPlan: (wanted, key) => post(planSchema, "/plans", wanted, key),
    applyPlan: (id, hash, key) => post(planSchema, plan(id, "/apply"), { hash }, key),
    changePlan: (id, verb, reason) => post(planSchema, plan(id, `/${verb}`), { reason }, null),
    operations: (query) => get(operationListSchema, "/operations", query),
    operation: (id) => get(operationSchema, operation(id)),
    changeOperation: (id, verb, reason) =>
      post(operationSchema, operation(id, `/${verb}`), { reason }, null),
    confirmOff: (id, serial, reason) =>
      post(operationSchema, operation(id, "/confirm-off"), { serial, reason }, null),
    holds: (query) => get(holdListSchema, "/holds", query),
    addHold: (hold, key) => post(namedHoldSchema, "/holds", hold, key),
    releaseHold: (id, reason) => remove(`/holds/${encodeURIComponent(id)}`, { reason }),
    tenants: () => get(tenantListSchema, "/tenants"),
    addTenant: (tenant, key) => post(tenantSchema, "/tenants", tenant, key),
    leases: (query) => get(leaseListSchema, "/leases", query),
    addLease: (lease, key) => post(namedLeaseSchema, "/leases", lease, key),
    endLease: (id) => remove(`/leases/${encodeURIComponent(id)}`),
    hostPower: (id) => get(hostPowerSchema, host(id, "/power")),
    manageHost: (id, reason) => post(hostSchema, host(id, "/manage"), { reason }, null),
    watchHost: (id, reason) => post(hostSchema, host(id, "/watch"), { reason }, null),
  };
}
