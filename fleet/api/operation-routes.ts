import { Type } from "typebox";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import { type OperationId, parseUuid, type PlanId } from "#proto/vocabulary/ids.ts";
import { askerOf } from "./asker.ts";
import { requireVisibleHost } from "./find-host.ts";
import { fillPage } from "./fill-page.ts";
import { lifeProblems, requireDone } from "./life-refusals.ts";
import { type LifeParts, viewOperation } from "./life-view.ts";
import {
  becauseSchema,
  confirmOffSchema,
  operationListSchema,
  operationSchema,
} from "./operation-schemas.ts";
import { lifeListQuery } from "./plan-routes.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nowhere } from "./sight.ts";

const pageUsual = 50;
const operationParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

export function createOperationRoutes(parts: LifeParts): readonly Route[] {
  const { lifecycle, inventory } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/operations",
      access: { who: "person", may: "read", of: "listed" },
      tag: "operations",
      summary: "List operations",
      description: "Newest first, those that have ended too; of one host or one plan where asked.",
      query: Type.Object(
        {
          host: Type.Optional(Type.String({ maxLength: 128, description: "its name or id" })),
          plan: Type.Optional(Type.String({ maxLength: 64 })),
          ...lifeListQuery,
        },
        { additionalProperties: false },
      ),
      answer: { status: 200, description: "a page", schema: operationListSchema },
      problems: ["host-unknown", "plan-unknown", "cursor-invalid"],
      async handle({ query, sight }) {
        const limit = query.limit ?? pageUsual;
        const host =
          query.host === undefined ? null : await requireVisibleHost(inventory, query.host, sight);
        const wanted = {
          ...(host === null ? {} : { hostId: host.id }),
          ...(query.plan === undefined ? {} : { planId: requirePlanId(query.plan) }),
        };
        const page = await fillPage({
          before: query.cursor === undefined ? null : readCursor(query.cursor),
          limit,
          read: (before, most) => lifecycle.operations({ ...wanted, before, limit: most }),
          isSeen: async ({ hostId }) =>
            sight.isAll || sight.sees((await inventory.host(hostId)) ?? nowhere),
        });
        return {
          items: await Promise.all(page.items.map((one) => viewOperation(inventory, one))),
          nextCursor: page.cursor,
        };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/operations/:id",
      access: { who: "person", may: "read", of: "operation" },
      tag: "operations",
      summary: "One operation",
      description:
        "Its steps with what was seen, the step it is at, what it waits for, until when, and who can end that.",
      params: operationParams,
      answer: { status: 200, description: "the operation", schema: operationSchema },
      problems: ["operation-unknown"],
      handle: async ({ params }) =>
        viewOperation(inventory, await requireOperation(parts, params.id)),
    }),
    changeRoute("pause", "Let it wait", "It stays where it is until somebody resumes it."),
    changeRoute(
      "resume",
      "Let it go on",
      "From the step it is at. A drain that ran into its deadline gets the same time again.",
    ),
    changeRoute(
      "cancel",
      "End it",
      "What it did stays done: what moved stays moved, the cordon stays until it is released.",
    ),
    defineRoute({
      method: "POST",
      path: "/api/v1/operations/:id/confirm-off",
      access: { who: "person", may: "operate", of: "operation" },
      tag: "operations",
      summary: "Say that a host which cannot be asked is off",
      description:
        "The way out for a drain of a host that cannot be reached: somebody stood before it, saw that " +
        "it is off and types its serial. Its disks stay tainted.",
      params: operationParams,
      body: confirmOffSchema,
      answer: { status: 200, description: "the operation", schema: operationSchema },
      problems: ["operation-unknown", ...lifeProblems],
      async handle({ params, body, person }) {
        const operation = await requireOperation(parts, params.id);
        const asker = askerOf(person, body.reason);
        const confirmed = await lifecycle.confirmOff(operation.id, body.serial, asker);
        return viewOperation(inventory, requireDone(confirmed, "operation-unknown"));
      },
    }),
  ];

  function changeRoute(
    verb: "pause" | "resume" | "cancel",
    summary: string,
    description: string,
  ): Route {
    return defineRoute({
      method: "POST",
      path: `/api/v1/operations/:id/${verb}`,
      access: { who: "person", may: "operate", of: "operation" },
      tag: "operations",
      summary,
      description,
      params: operationParams,
      body: becauseSchema,
      answer: { status: 200, description: "the operation", schema: operationSchema },
      problems: ["operation-unknown", ...lifeProblems],
      async handle({ params, body, person }) {
        const operation = await requireOperation(parts, params.id);
        const changed = await lifecycle[verb](operation.id, askerOf(person, body.reason));
        return viewOperation(inventory, requireDone(changed, "operation-unknown"));
      },
    });
  }
}

async function requireOperation({ lifecycle }: LifeParts, text: string): Promise<OperationRecord> {
  const id = parseUuid<OperationId>(text);
  const operation = id.ok ? await lifecycle.operation(id.value) : undefined;
  if (operation !== undefined) return operation;
  throw new ApiError("operation-unknown", `there is no operation "${text.slice(0, 64)}"`);
}

function requirePlanId(text: string): PlanId {
  const id = parseUuid<PlanId>(text);
  if (id.ok) return id.value;
  throw new ApiError("plan-unknown", `there is no plan "${text.slice(0, 64)}"`);
}

function readCursor(text: string): OperationId {
  const id = parseUuid<OperationId>(text);
  if (id.ok) return id.value;
  throw new ApiError("cursor-invalid", `"${text}" is no cursor of this list`);
}
