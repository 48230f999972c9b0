import { Type } from "typebox";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { type DomainEvent, describeEvent } from "#fleet/lifecycle/domain-events.ts";
import type { DomainWatch } from "#fleet/lifecycle/watch-domain-events.ts";
import { type AlertId, type HostId, parseUuid } from "#proto/vocabulary/ids.ts";
import { type Alert, alertListSchema, alertSchema } from "./alert-schemas.ts";
import { askerOf } from "./asker.ts";
import { lifeProblems, requireDone } from "./life-refusals.ts";
import { becauseSchema } from "./operation-schemas.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nowhere } from "./sight.ts";

/** Where hosts were lost together, and the word that lets automation go on there. */
export function createAlertRoutes(parts: {
  readonly domains: Pick<DomainWatch, "open" | "acknowledge">;
  readonly inventory: Inventory;
}): readonly Route[] {
  const { domains, inventory } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/alerts",
      access: { who: "person", may: "read", of: "listed" },
      tag: "alerts",
      summary: "List open alerts",
      description:
        "Places where many hosts were lost together, oldest first. Nothing is begun there until a " +
        "person has acknowledged it; then it is no longer in the list.",
      answer: { status: 200, description: "the alerts", schema: alertListSchema },
      problems: [],
      async handle({ sight }) {
        const records = new Map((await inventory.hosts()).map((host) => [host.id, host]));
        const isSeen = (id: HostId): boolean => sight.sees(records.get(id) ?? nowhere);
        const open = domains.open().filter(({ lost }) => sight.isAll || lost.every(isSeen));
        const items = await Promise.all(open.map((event) => viewAlert(event, null)));
        return { items, nextCursor: null };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/alerts/:id/acknowledge",
      access: { who: "person", may: "operate", of: "alert" },
      tag: "alerts",
      summary: "Say that somebody has looked",
      description:
        "Automation goes on in its scope. The same losses raise no second alert, new ones do.",
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
      body: becauseSchema,
      answer: { status: 200, description: "the alert, acknowledged", schema: alertSchema },
      problems: ["alert-unknown", ...lifeProblems],
      async handle({ params, body, person }) {
        const id = parseUuid<AlertId>(params.id);
        if (!id.ok)
          throw new ApiError("alert-unknown", `there is no open alert "${params.id.slice(0, 64)}"`);
        const asker = askerOf(person, body.reason);
        const event = requireDone(await domains.acknowledge(id.value, asker), "alert-unknown");
        return viewAlert(event, asker.name);
      },
    }),
  ];

  async function viewAlert(event: DomainEvent, acknowledgedBy: string | null): Promise<Alert> {
    const { id, scope, lost, of, sinceMs, raisedMs } = event;
    const hosts = await Promise.all(
      lost.map(async (hostId) => (await inventory.host(hostId))?.name ?? hostId),
    );
    const words = describeEvent(event);
    return { id, scope, hosts, of, sinceMs, raisedMs, words, acknowledgedBy };
  }
}
