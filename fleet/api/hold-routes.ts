import { Type } from "typebox";
import { type HoldId, parseUuid } from "#proto/vocabulary/ids.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { askerOf, requireRevision } from "./asker.ts";
import { requireHost } from "./find-host.ts";
import { addHoldSchema, holdListSchema, namedHoldSchema } from "./hold-schemas.ts";
import { selectorParameter } from "./host-routes.ts";
import { parseSelector } from "./host-selection.ts";
import type { HostViews } from "./host-views.ts";
import { lifeProblems, requireDone } from "./life-refusals.ts";
import type { LifeParts } from "./life-view.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nothingSchema } from "./route-document.ts";
import { reasonSchema } from "./schema-parts.ts";

export function createHoldRoutes(
  parts: LifeParts & { readonly views: HostViews },
): readonly Route[] {
  const { inventory, lifecycle, views } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/holds",
      access: { who: "person", may: "read", of: "listed" },
      tag: "holds",
      summary: "List holds",
      description: "Every hold of the hosts that the selector matches, by host.",
      query: Type.Object({ selector: selectorParameter }, { additionalProperties: false }),
      answer: { status: 200, description: "the holds", schema: holdListSchema },
      problems: ["selector-invalid"],
      async handle({ query, sight }) {
        const isMatch = query.selector === undefined ? () => true : parseSelector(query.selector);
        const hosts = (await views.all(sight)).filter(
          (host) => host.holds.length > 0 && isMatch(host),
        );
        const items = hosts.flatMap((host) =>
          host.holds.map((hold) => ({ ...hold, host: host.name })),
        );
        return { items, nextCursor: null };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/holds",
      access: { who: "person", may: "operate", of: "host-of-body" },
      tag: "holds",
      summary: "Forbid something on a host",
      description: "Until it is released, or until its end. A host may carry many.",
      body: addHoldSchema,
      answer: {
        status: 201,
        description: "the hold",
        schema: namedHoldSchema,
        location: ({ id }) => `/api/v1/holds/${id}`,
      },
      problems: ["host-unknown", "precondition-failed", ...lifeProblems],
      async handle({ body, person, request }) {
        const host = await requireHost(inventory, body.host);
        requireRevision(request, host);
        const added = await lifecycle.addHold(
          {
            hostId: host.id,
            kind: body.kind,
            expiresMs: timeOrNull(body.expiresMs),
            reviewMs: timeOrNull(body.reviewMs),
            forWhom: body.forWhom ?? null,
          },
          askerOf(person, body.reason),
        );
        return { ...requireDone(added, "host-unknown"), host: host.name };
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/holds/:id",
      access: { who: "person", may: "operate", of: "hold" },
      tag: "holds",
      summary: "Release a hold",
      description: "That one only; the others of the host stay.",
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
      query: Type.Object({ reason: reasonSchema }, { additionalProperties: false }),
      answer: { status: 204, description: "released", schema: nothingSchema },
      problems: ["hold-unknown", ...lifeProblems],
      async handle({ params, query, person }) {
        const id = parseUuid<HoldId>(params.id);
        if (!id.ok) {
          throw new ApiError("hold-unknown", `there is no hold "${params.id.slice(0, 64)}"`);
        }
        const released = await lifecycle.releaseHold(id.value, askerOf(person, query.reason));
        requireDone(released, "hold-unknown");
        return null;
      },
    }),
  ];
}

function timeOrNull(atMs: number | undefined): UnixMs | null {
  return atMs === undefined ? null : unixMs(atMs);
}
