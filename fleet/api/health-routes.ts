import { Type } from "typebox";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import { hostEventsMax } from "#fleet/health/host-event.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { withPlans } from "#fleet/lifecycle/explain-life.ts";
import type { Lifecycle, Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import { hostParams, requireHost } from "./find-host.ts";
import type { LifeExplanationView } from "./life-schemas.ts";
import { viewExplanation } from "./life-view.ts";
import { ApiError } from "./problems.ts";
import { viewEvent, viewFinding, viewReboot } from "./health-view.ts";
import type { HostViews } from "./host-views.ts";
import { defineRoute, type Route } from "./route.ts";
import { explanationSchema, hostEventsSchema } from "./health-schemas.ts";

const eventsUsual = 50;

export function createHealthRoutes(parts: {
  readonly inventory: Inventory;
  readonly health: HealthReader;
  readonly views: HostViews;
  readonly lifecycle: Lifecycle;
  readonly plans: Plans;
  readonly tenancy: Tenancy;
}): readonly Route[] {
  const { inventory, health, views } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/hosts/:id/explain",
      access: { who: "person", may: "read", of: "host" },
      tag: "hosts",
      summary: "Why a host is as it is, what comes next, and what may be done to it",
      description:
        "The verdict, by which rules, since when, what was seen and what would end it; what shows but " +
        "not for long enough yet; which rules saw no evidence; why the newest boot began. Under `life`: " +
        "where it stands, what it waits for and who can end that with which command, what happens next " +
        "by itself and when, and for each verb whether it may be done now, and if not, why.",
      params: hostParams,
      answer: { status: 200, description: "the reasons", schema: explanationSchema },
      problems: ["host-unknown"],
      async handle({ params }) {
        const record = await requireHost(inventory, params.id);
        const { verdict, reasons } = (await views.of(record)).health;
        const { judgedMs, findings, pending, rules } = health.explain(record.id);
        const reboot = health.lastReboot(record.id);
        return {
          hostId: record.id,
          health: {
            verdict,
            reasons,
            judgedMs,
            findings: findings.map(viewFinding),
            pending: pending.map((one) => ({ ...one, component: { ...one.component } })),
            rules: rules.map((rule) => ({ ...rule })),
          },
          reboot: reboot === null ? null : viewReboot(reboot),
          life: await explainLife(parts, record),
        };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/hosts/:id/events",
      access: { who: "person", may: "read", of: "host" },
      tag: "hosts",
      summary: "What happened to a host",
      description: `Findings that came and went, and reboots with their cause; newest first, the last ${hostEventsMax} are kept.`,
      params: hostParams,
      query: Type.Object(
        {
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: hostEventsMax })),
          cursor: Type.Optional(
            Type.String({ maxLength: 64, description: "nextCursor of a page" }),
          ),
        },
        { additionalProperties: false },
      ),
      answer: { status: 200, description: "a page", schema: hostEventsSchema },
      problems: ["host-unknown"],
      async handle({ params, query }) {
        const record = await requireHost(inventory, params.id);
        const limit = query.limit ?? eventsUsual;
        const events = await health.events(record.id, { limit, before: query.cursor ?? null });
        const last = events.length < limit ? undefined : events.at(-1);
        return { items: events.map(viewEvent), nextCursor: last?.id ?? null };
      },
    }),
  ];
}

async function explainLife(
  parts: {
    readonly inventory: Inventory;
    readonly lifecycle: Lifecycle;
    readonly plans: Plans;
    readonly tenancy: Tenancy;
  },
  record: HostRecord,
): Promise<LifeExplanationView> {
  const told = await parts.lifecycle.explain(record.id);
  if (told === undefined) throw new ApiError("host-unknown", `"${record.name}" is gone`);
  return viewExplanation(parts, withPlans(told, await parts.plans.judge(record.id)));
}
