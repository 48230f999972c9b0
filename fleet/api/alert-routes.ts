import { Type } from "typebox";
import { type AlertRecord, alertStates, severities, stateOf } from "#fleet/alerts/alert.ts";
import type { AlertDesk } from "#fleet/alerts/alert-desk.ts";
import { parseAlertSelector } from "#fleet/alerts/alert-selector.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { type AlertId, parseUuid } from "#proto/vocabulary/ids.ts";
import { createAlertChannelRoutes } from "./alert-channel-routes.ts";
import { alertDetailSchema, alertListSchema, alertSchema } from "./alert-schemas.ts";
import { viewAlert, viewDelivery } from "./alert-view.ts";
import { askerOf } from "./asker.ts";
import { lifeProblems, requireDone } from "./life-refusals.ts";
import { becauseSchema } from "./operation-schemas.ts";
import { lifeListQuery } from "./plan-routes.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nowhere, type Sight } from "./sight.ts";
import { createSilenceRoutes } from "./silence-routes.ts";

const pageUsual = 100;
/** Resolved ones that are looked through for a page. */
const resolvedMax = 2_000;
const idParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

export interface AlertRouteParts {
  readonly alerts: AlertDesk;
  readonly inventory: Inventory;
}

/** What is wrong, the word that somebody has looked, silences, and the ways out of the house. */
export function createAlertRoutes(parts: AlertRouteParts): readonly Route[] {
  const { alerts, inventory } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/alerts",
      access: { who: "person", may: "read", of: "listed" },
      tag: "alerts",
      summary: "List alerts",
      description:
        "Those that nobody has acknowledged, oldest first; with `state` others too, resolved ones of " +
        "the last 30 days, newest first behind the open ones. What is silenced is in the list and " +
        "says so. Where a domain event is open nothing is begun before a person has acknowledged it.",
      query: Type.Object(
        {
          state: Type.Optional(
            Type.String({
              pattern: `^(${alertStates.join("|")})(,(${alertStates.join("|")}))*$`,
              description: "open, acknowledged, resolved; several with commas; open where not said",
            }),
          ),
          severity: Type.Optional(
            Type.Enum([...severities], { description: "this one and what is worse" }),
          ),
          selector: Type.Optional(
            Type.String({
              maxLength: 500,
              description: "site=fra2,kind=host-lost; a host's name; or an alert's key",
            }),
          ),
          ...lifeListQuery,
        },
        { additionalProperties: false },
      ),
      answer: { status: 200, description: "a page", schema: alertListSchema },
      problems: ["cursor-invalid", "selector-invalid"],
      async handle({ query, sight }) {
        const wanted = new Set((query.state ?? "open").split(","));
        const least = severities.indexOf(query.severity ?? "info");
        const isMatch = readSelector(query.selector);
        const isSeen = await seenBy(sight);
        const isGone = ["open", "acknowledged"].every((state) => !wanted.has(state));
        const all = [
          ...(isGone ? [] : await alerts.open()),
          ...(wanted.has("resolved")
            ? await alerts.resolved({ before: null, limit: resolvedMax })
            : []),
        ].filter(
          (alert) =>
            wanted.has(stateOf(alert)) &&
            severities.indexOf(alert.severity) >= least &&
            isMatch(alert) &&
            isSeen(alert),
        );
        const from = query.cursor === undefined ? 0 : placeAfter(all, query.cursor);
        const limit = query.limit ?? pageUsual;
        const page = all.slice(from, from + limit);
        const last = page.at(-1);
        const isMore = from + limit < all.length;
        return {
          items: page.map(viewAlert),
          nextCursor: isMore && last !== undefined ? last.id : null,
        };
      },
    }),
    ...createSilenceRoutes(parts),
    ...createAlertChannelRoutes(parts),
    defineRoute({
      method: "GET",
      path: "/api/v1/alerts/:id",
      access: { who: "person", may: "read", of: "alert" },
      tag: "alerts",
      summary: "One alert, and who was told of it",
      description: "With each message: over which channel, how it stands, what was answered.",
      params: idParams,
      answer: { status: 200, description: "the alert", schema: alertDetailSchema },
      problems: ["alert-unknown"],
      async handle({ params }) {
        const found = await alerts.find(readId(params.id));
        if (found === undefined) throw unknown(params.id);
        return { ...viewAlert(found.alert), deliveries: found.deliveries.map(viewDelivery) };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/alerts/:id/acknowledge",
      access: { who: "person", may: "operate", of: "alert" },
      tag: "alerts",
      summary: "Say that somebody has looked",
      description:
        "It is told no more. Of a domain event: automation goes on in its scope; the same losses " +
        "raise no second alert, new ones do.",
      params: idParams,
      body: becauseSchema,
      answer: { status: 200, description: "the alert, acknowledged", schema: alertSchema },
      problems: ["alert-unknown", ...lifeProblems],
      async handle({ params, body, person }) {
        const done = await alerts.acknowledge(readId(params.id), askerOf(person, body.reason));
        return viewAlert(requireDone(done, "alert-unknown"));
      },
    }),
  ];

  /** What is about no host concerns the whole cell. */
  async function seenBy(sight: Sight): Promise<(alert: AlertRecord) => boolean> {
    if (sight.isAll) return () => true;
    const records = new Map((await inventory.hosts()).map((host) => [host.id, host]));
    return ({ hosts }) =>
      hosts.length > 0 && hosts.every(({ id }) => sight.sees(records.get(id) ?? nowhere));
  }
}

function readSelector(text: string | undefined): (alert: AlertRecord) => boolean {
  if (text === undefined) return () => true;
  const parsed = parseAlertSelector(text);
  if (parsed.ok) return parsed.value;
  throw new ApiError("selector-invalid", parsed.problem.words, { hint: parsed.problem.hint });
}

function placeAfter(all: readonly AlertRecord[], cursor: string): number {
  const at = all.findIndex(({ id }) => id === cursor);
  if (at >= 0) return at + 1;
  throw new ApiError("cursor-invalid", "the page before this one ended at an alert that is gone");
}

function readId(text: string): AlertId {
  const id = parseUuid<AlertId>(text);
  if (id.ok) return id.value;
  throw unknown(text);
}

function unknown(id: string): ApiError {
  return new ApiError("alert-unknown", `there is no open alert "${id.slice(0, 64)}"`);
}
