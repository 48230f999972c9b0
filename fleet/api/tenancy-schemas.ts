import { type Static, Type } from "typebox";
import { trusts } from "#fleet/inventory/host-record.ts";
import { evacuationStrategies, noticeClasses } from "#fleet/tenancy/tenancy.ts";
import { listOf, nullable, unixMs } from "./schema-parts.ts";

const noticeWords = Object.keys(noticeClasses) as (keyof typeof noticeClasses)[];

export const tenantSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  webhook: nullable(
    Type.String({
      description:
        "the server that notices go to; the rest of the address is often a secret and is not told; null: nowhere",
    }),
  ),
  createdMs: unixMs,
  version: Type.Integer(),
});
export type Tenant = Static<typeof tenantSchema>;
export const tenantListSchema = Type.Object({
  items: listOf(tenantSchema),
  nextCursor: Type.Null(),
});
export type TenantList = Static<typeof tenantListSchema>;
export const addTenantSchema = Type.Object(
  {
    name: Type.String({
      pattern: "^[a-z0-9][a-z0-9-]{0,62}$",
      description: "letters, digits and -, up to 63",
    }),
    webhook: Type.Optional(
      Type.String({ pattern: "^https?://", maxLength: 2_048, description: "http:// or https://" }),
    ),
  },
  { additionalProperties: false },
);
export type AddTenant = Static<typeof addTenantSchema>;

export const leaseSchema = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  tenant: Type.String({ description: "the tenant's name" }),
  hostId: Type.String(),
  share: Type.String({ description: "exclusive or shared" }),
  trust: Type.String({ description: "operated: the agent is evidence; rented: it is none" }),
  notice: Type.String({ description: "how long before the tenant hears: none, hour, day, week" }),
  evacuation: Type.String({ description: "migrate, replace, wait or stop-at-deadline" }),
  workloads: listOf(Type.String()),
  startsMs: unixMs,
  endedMs: nullable(unixMs),
  version: Type.Integer(),
  createdBy: Type.String(),
});
export type LeaseView = Static<typeof leaseSchema>;

export const namedLeaseSchema = Type.Object({
  ...leaseSchema.properties,
  host: Type.String({ description: "the host's name" }),
});
export type NamedLease = Static<typeof namedLeaseSchema>;
export const leaseListSchema = Type.Object({
  items: listOf(namedLeaseSchema),
  nextCursor: Type.Null(),
});
export type LeaseList = Static<typeof leaseListSchema>;
export const addLeaseSchema = Type.Object(
  {
    tenant: Type.String({ minLength: 1, maxLength: 64, description: "its name or id" }),
    host: Type.String({ minLength: 1, maxLength: 128, description: "its name or id" }),
    share: Type.Optional(Type.Enum(["exclusive", "shared"] as const)),
    trust: Type.Optional(Type.Enum([...trusts])),
    notice: Type.Optional(Type.Enum(noticeWords)),
    evacuation: Type.Optional(Type.Enum([...evacuationStrategies])),
    workloads: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
        maxItems: 1_024,
        description: "as the host's adapters name them: systemd:photo-store.service",
      }),
    ),
  },
  { additionalProperties: false },
);
export type AddLease = Static<typeof addLeaseSchema>;
