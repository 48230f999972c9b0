import { Type } from "typebox";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import { hostEventsMax } from "#fleet/health/host-event.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { hostParams, requireHost } from "./find-host.ts";
import { viewEvent, viewFinding, viewReboot } from "./health-view.ts";
import type { HostViews } from "./host-views.ts";
import { defineRoute, type Route } from "./route.ts";
import { explanationSchema, hostEventsSchema } from "./health-schemas.ts";

const eventsUsual = 50;

export function createHealthRoutes(parts: {
  readonly inventory: Inventory;
  readonly health: HealthReader;
  readonly views: HostViews;
}): readonly Route[] {
  const { inventory, health, views } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/hosts/:id/explain",
      access: { who: "person", may: "read" },
      tag: "hosts",
      summary: "Why a host is judged as it is, and why it rebooted",
      description:
        "The verdict, by which rules, since when, what was seen and what would end it; what shows but " +
        "not for long enough yet; which rules saw no evidence; and why the newest boot began.",
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
        };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/hosts/:id/events",
      access: { who: "person", may: "read" },
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
