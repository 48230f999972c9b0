import { Type } from "typebox";
import type { Asker, LifeRefusal } from "#fleet/lifecycle/lifecycle.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { PlanAction, PlanRecord } from "#fleet/lifecycle/plan.ts";
import { type HostId, parseUuid, type PlanId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import { askerOf } from "./asker.ts";
import { requireSelection } from "./find-selection.ts";
import { fillPage } from "./fill-page.ts";
import type { HostViews } from "./host-views.ts";
import { lifeProblems, requireDone } from "./life-refusals.ts";
import { type LifeParts, summarizePlan, viewPlan } from "./life-view.ts";
import { becauseSchema } from "./operation-schemas.ts";
import {
  applyPlanSchema,
  createPlanSchema,
  planListSchema,
  planSchema,
  type WantedAction,
} from "./plan-schemas.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nowhere } from "./sight.ts";

const pageUsual = 50;
export const planParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
export const lifeListQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: "nextCursor of a page" })),
};

/** What a workload may take to stop by itself where nobody says. */
const graceMsUsual = 60_000;

export function createPlanRoutes(
  parts: LifeParts & { readonly views: HostViews },
): readonly Route[] {
  const { plans } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/plans",
      access: { who: "person", may: "read", of: "listed" },
      tag: "plans",
      summary: "List plans",
      description:
        "Newest first, those that were never applied too; of their hosts only how many are in which state.",
      query: Type.Object(lifeListQuery, { additionalProperties: false }),
      answer: { status: 200, description: "a page", schema: planListSchema },
      problems: ["cursor-invalid"],
      async handle({ query, sight }) {
        const limit = query.limit ?? pageUsual;
        const before = query.cursor === undefined ? null : readCursor(query.cursor);
        const places = new Map((await parts.inventory.hosts()).map((host) => [host.id, host]));
        const page = await fillPage({
          before,
          limit,
          read: (from, most) => plans.list({ before: from, limit: most }),
          isSeen: (plan) =>
            sight.isAll ||
            plan.hosts.every(({ hostId }) => sight.sees(places.get(hostId) ?? nowhere)),
        });
        return {
          items: page.items.map(summarizePlan),
          nextCursor: page.cursor,
        };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/plans",
      access: { who: "person", may: "operate", of: "selected" },
      tag: "plans",
      summary: "Plan what shall be done to hosts",
      description:
        "Resolves the selector once to a frozen list and answers who would be touched, when, and " +
        "what cannot be taken back. Nothing is done to any host before the plan is applied. A " +
        "selector that means no host is refused, and so is one that means all of them, unless " +
        "`count` says how many they are.",
      body: createPlanSchema,
      answer: {
        status: 201,
        description: "the plan, not applied",
        schema: planSchema,
        location: ({ id }) => `/api/v1/plans/${id}`,
      },
      problems: [
        "selector-invalid",
        "selection-empty",
        "selection-whole",
        "host-unknown",
        ...lifeProblems,
      ],
      async handle({ body, person, sight }) {
        const hosts = await requireSelection(parts, body, sight);
        const planned = await plans.plan({
          action: fillAction(body.action),
          selector: body.selector,
          // Ids out of our own inventory.
          hostIds: hosts.map((host) => host.id as HostId),
          asker: askerOf(person, body.reason),
        });
        return viewPlan(plans, requireDone(planned, "host-unknown"));
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/plans/:id",
      access: { who: "person", may: "read", of: "plan" },
      tag: "plans",
      summary: "One plan",
      description: "What was frozen, and how far it is: each host with its state and why it waits.",
      params: planParams,
      answer: { status: 200, description: "the plan", schema: planSchema },
      problems: ["plan-unknown"],
      handle: async ({ params }) => viewPlan(plans, await requirePlan(parts, params.id)),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/plans/:id/apply",
      access: { who: "person", may: "operate", of: "plan" },
      tag: "plans",
      summary: "Do what was planned",
      description:
        "`hash` is of the plan that was shown. It goes on by itself, in waves and within the budgets; " +
        "GET /plans/{id} shows how far it is. Where two people must agree, somebody else than who " +
        "planned it applies it.",
      params: planParams,
      body: applyPlanSchema,
      answer: {
        status: 202,
        description: "the plan, under way",
        schema: planSchema,
        location: ({ id }) => `/api/v1/plans/${id}`,
      },
      problems: ["plan-unknown", ...lifeProblems],
      async handle({ params, body, person }) {
        const plan = await requirePlan(parts, params.id);
        const applied = await plans.apply(plan.id, body.hash, twoOf(plan, person?.name));
        return viewPlan(plans, requireDone(applied, "plan-unknown"));
      },
    }),
    changeRoute("pause", "Start nothing more of it", "What is under way on hosts goes on."),
    changeRoute("resume", "Let it go on", "From where it was; what was done is not done again."),
    changeRoute(
      "cancel",
      "End it",
      "No further host is begun, and what runs on hosts is canceled too; what cannot be taken back any " +
        "more runs to its end.",
    ),
  ];

  function changeRoute(
    verb: "pause" | "resume" | "cancel",
    summary: string,
    description: string,
  ): Route {
    return defineRoute({
      method: "POST",
      path: `/api/v1/plans/:id/${verb}`,
      access: { who: "person", may: "operate", of: "plan" },
      tag: "plans",
      summary,
      description,
      params: planParams,
      body: becauseSchema,
      answer: { status: 200, description: "the plan", schema: planSchema },
      problems: ["plan-unknown", ...lifeProblems],
      async handle({ params, body, person }) {
        const plan = await requirePlan(parts, params.id);
        const asker = askerOf(person, body.reason);
        const changed: Result<PlanRecord, LifeRefusal> = await plans[verb](plan.id, asker);
        return viewPlan(plans, requireDone(changed, "plan-unknown"));
      },
    });
  }
}

async function requirePlan({ plans }: LifeParts, text: string): Promise<PlanRecord> {
  const id = parseUuid<PlanId>(text);
  const plan = id.ok ? await plans.find(id.value) : undefined;
  if (plan !== undefined) return plan;
  throw new ApiError("plan-unknown", `there is no plan "${text.slice(0, 64)}"`);
}

/** Who planned it has seen it; another person who applies it is the second one. */
function twoOf(plan: PlanRecord, name = "unknown"): Asker {
  const asker: Asker = { name, kind: "person", reason: plan.reason };
  return plan.createdBy === name ? asker : { ...asker, approvedBy: plan.createdBy };
}

function fillAction(wanted: WantedAction): PlanAction {
  switch (wanted.kind) {
    case "drain": {
      const drain = wanted.drain ?? "planned";
      const deadlineMs = wanted.deadlineMs ?? lifecycleNumbers.drainDeadlineMs[drain];
      // It counts inside the deadline; an emergency has room of its own for it.
      const graceMax = drain === "emergency" ? graceMsUsual : Math.floor(deadlineMs / 2);
      const graceMs = wanted.graceMs ?? Math.min(graceMsUsual, graceMax);
      return { kind: "drain", drain, deadlineMs, force: wanted.force ?? false, graceMs };
    }
    case "reboot":
      return { kind: "reboot", graceMs: wanted.graceMs ?? graceMsUsual };
    case "return":
    case "clear":
      return { kind: wanted.kind };
    case "power":
      return { kind: "power", power: wanted.power };
    case "locate":
      return {
        kind: "locate",
        isOn: wanted.isOn ?? true,
        forMs: wanted.forMs ?? lifecycleNumbers.locateForMs,
      };
  }
}

/** Throws `cursor-invalid`. */
function readCursor(text: string): PlanId {
  const id = parseUuid<PlanId>(text);
  if (id.ok) return id.value;
  throw new ApiError("cursor-invalid", `"${text}" is no cursor of this list`);
}
