import { Type } from "typebox";
import type { LeaseRecord, TenantRecord } from "#fleet/tenancy/tenancy.ts";
import { type LeaseId, parseUuid } from "#proto/vocabulary/ids.ts";
import { requireHost } from "./find-host.ts";
import { selectorParameter } from "./host-routes.ts";
import { parseSelector } from "./host-selection.ts";
import type { HostViews } from "./host-views.ts";
import { requireTenancy } from "./life-refusals.ts";
import { type LifeParts, tenantNames, viewLease } from "./life-view.ts";
import { nearestNames } from "./near-names.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nothingSchema } from "./route-document.ts";
import {
  addLeaseSchema,
  addTenantSchema,
  leaseListSchema,
  type NamedLease,
  namedLeaseSchema,
  type Tenant,
  tenantListSchema,
  tenantSchema,
} from "./tenancy-schemas.ts";

export function createTenancyRoutes(
  parts: LifeParts & { readonly views: HostViews },
): readonly Route[] {
  const { inventory, tenancy, views } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/tenants",
      access: { who: "person", may: "read", of: "somewhere" },
      tag: "tenancy",
      summary: "List tenants",
      description: "By name.",
      answer: { status: 200, description: "the tenants", schema: tenantListSchema },
      problems: [],
      async handle() {
        const tenants = await tenancy.tenants();
        const items = tenants.map(viewTenant).toSorted((a, b) => (a.name < b.name ? -1 : 1));
        return { items, nextCursor: null };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/tenants",
      access: { who: "person", may: "operate", of: "cell" },
      tag: "tenancy",
      summary: "Add a tenant",
      description: "Somebody whose work runs on leased hosts, and where notices to them go.",
      body: addTenantSchema,
      answer: { status: 201, description: "the tenant", schema: tenantSchema },
      problems: ["name-taken", "revision-moved"],
      async handle({ body, person }) {
        const { name, webhook = null } = body;
        if (webhook !== null && !URL.canParse(webhook))
          throw new ApiError("invalid-request", `body "webhook": "${webhook}" is no address`, {
            hint: "write it as https://server/path",
          });
        const added = await tenancy.addTenant({ name, webhook, by: person?.name ?? "unknown" });
        return viewTenant(requireTenancy(added));
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/leases",
      access: { who: "person", may: "read", of: "listed" },
      tag: "tenancy",
      summary: "List leases",
      description: "Those that run, of the hosts that the selector matches.",
      query: Type.Object({ selector: selectorParameter }, { additionalProperties: false }),
      answer: { status: 200, description: "the leases", schema: leaseListSchema },
      problems: ["selector-invalid"],
      async handle({ query, sight }) {
        const isMatch = query.selector === undefined ? () => true : parseSelector(query.selector);
        const hosts = (await views.all(sight)).filter(
          (host) => host.leases.length > 0 && isMatch(host),
        );
        const items = hosts.flatMap((host) =>
          host.leases.map((lease) => ({ ...lease, host: host.name })),
        );
        return { items, nextCursor: null };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/leases",
      access: { who: "person", may: "operate", of: "host-of-body" },
      tag: "tenancy",
      summary: "Lease a host to a tenant",
      description:
        "A share of it where not said, operated by us, a day's notice, stopped at a drain's deadline. " +
        "Refused while the host takes no lease; its `schedulable` says why.",
      body: addLeaseSchema,
      answer: { status: 201, description: "the lease", schema: namedLeaseSchema },
      problems: [
        "host-unknown",
        "tenant-unknown",
        "lease-unknown",
        "not-schedulable",
        "leased",
        "name-taken",
        "revision-moved",
      ],
      async handle({ body, person }) {
        const host = await requireHost(inventory, body.host);
        const tenant = await requireTenant(parts, body.tenant);
        const claimed = await tenancy.claim({
          tenantId: tenant.id,
          hostId: host.id,
          share: body.share ?? "shared",
          trust: body.trust ?? "operated",
          notice: body.notice ?? "day",
          evacuation: body.evacuation ?? "stop-at-deadline",
          workloads: body.workloads ?? [],
          by: person?.name ?? "unknown",
        });
        return named(requireTenancy(claimed), tenant, host.name);
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/leases/:id",
      access: { who: "person", may: "operate", of: "lease" },
      tag: "tenancy",
      summary: "End a lease",
      description: "The tenant's right to the host is over; nothing on the machine changes.",
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
      answer: { status: 204, description: "ended", schema: nothingSchema },
      problems: ["lease-unknown", "revision-moved"],
      async handle({ params, person }) {
        const id = parseUuid<LeaseId>(params.id);
        if (!id.ok) {
          throw new ApiError("lease-unknown", `there is no lease "${params.id.slice(0, 64)}"`);
        }
        requireTenancy(await tenancy.end(id.value, person?.name ?? "unknown"));
        return null;
      },
    }),
  ];
}

function named(lease: LeaseRecord, tenant: TenantRecord, host: string): NamedLease {
  return { ...viewLease(lease, tenantNames([tenant])), host };
}

/** By name or id. Throws `tenant-unknown`, with names that look alike. */
async function requireTenant({ tenancy }: LifeParts, nameOrId: string): Promise<TenantRecord> {
  const tenants = await tenancy.tenants();
  const tenant = tenants.find(({ id, name }) => name === nameOrId || id === nameOrId);
  if (tenant !== undefined) return tenant;
  const near = nearestNames(
    nameOrId,
    tenants.map(({ name }) => name),
  );
  throw new ApiError("tenant-unknown", `there is no tenant "${nameOrId}"`, {
    ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(" or ")}?` }),
  });
}

/** Whoever may read may not learn a secret that stands in an address. */
function viewTenant(tenant: TenantRecord): Tenant {
  const { webhook } = tenant;
  return { ...tenant, webhook: webhook === null ? null : (URL.parse(webhook)?.origin ?? null) };
}
