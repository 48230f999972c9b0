import { Type } from "typebox";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { HostIdentity } from "#fleet/identity/host-identity.ts";
import type { Lifecycle } from "#fleet/lifecycle/lifecycle.ts";
import { whyNotForget } from "#fleet/lifecycle/why-not-forget.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { formatPosition } from "#proto/vocabulary/position.ts";
import { readPosition } from "./enrolment-routes.ts";
import { hostSubject } from "./audit-notes.ts";
import { etagOf, requireRevision } from "./asker.ts";
import { hostParams, requireHost } from "./find-host.ts";
import { orderHosts, pageHosts, readHostOrder } from "./host-order.ts";
import { type HostMatch, matchText, parseSelector } from "./host-selection.ts";
import type { HostViews } from "./host-views.ts";
import { refusedBecause } from "./life-refusals.ts";
import { changesShownMax, viewInventory } from "./inventory-view.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nothingSchema } from "./route-document.ts";
import { hostListSchema, hostSchema, hostSortKeys } from "./host-schemas.ts";
import { inventorySchema } from "./inventory-schemas.ts";
import { placeSchema } from "./position-schemas.ts";

export const listLimitMax = 500;
const listLimitUsual = 100;

const sortWords = hostSortKeys.flatMap((key) => [key, `-${key}`] as const);

export const selectorParameter = Type.Optional(
  Type.String({
    maxLength: 4_096,
    description:
      "names or ids with commas between, or region=eu,site=fra2,class=…,state=…,link=…,tag=…",
  }),
);

const listQuery = Type.Object(
  {
    selector: selectorParameter,
    q: Type.Optional(
      Type.String({
        maxLength: 256,
        description: "words that the name, serial, class or place holds",
      }),
    ),
    sort: Type.Optional(
      Type.Enum(sortWords, {
        description: "`-` turns the order round; hosts without the value come last",
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: listLimitMax })),
    cursor: Type.Optional(Type.String({ maxLength: 1_024, description: "nextCursor of a page" })),
  },
  { additionalProperties: false },
);

export function createHostRoutes(parts: {
  readonly inventory: Inventory;
  readonly telemetry: Telemetry;
  readonly identity: HostIdentity;
  readonly lifecycle: Pick<Lifecycle, "explain">;
  readonly views: HostViews;
  readonly log: Log;
}): readonly Route[] {
  const { inventory, identity, lifecycle, views, log } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/hosts",
      access: { who: "person", may: "read", of: "listed" },
      tag: "hosts",
      summary: "List hosts",
      description: "One page of the hosts that the selector matches, with their newest figures.",
      query: listQuery,
      answer: { status: 200, description: "a page", schema: hostListSchema },
      problems: ["selector-invalid", "cursor-invalid"],
      async handle({ query, sight }) {
        const matches: HostMatch[] = [];
        if (query.selector !== undefined) matches.push(parseSelector(query.selector));
        if (query.q !== undefined) matches.push(matchText(query.q));
        const all = await views.all(sight);
        const matching = all.filter((host) => matches.every((isMatch) => isMatch(host)));
        const order = readHostOrder(query.sort ?? "name");
        const page = pageHosts(orderHosts(matching, order), order, {
          limit: query.limit ?? listLimitUsual,
          cursor: query.cursor,
        });
        return { items: [...page.items], nextCursor: page.nextCursor, total: matching.length };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/hosts/:id",
      access: { who: "person", may: "read", of: "host" },
      tag: "hosts",
      summary: "One host",
      description: "By id or name. Its revision is the ETag, for If-Match with a change.",
      params: hostParams,
      answer: { status: 200, description: "the host", schema: hostSchema },
      problems: ["host-unknown"],
      async handle({ params, reply }) {
        const host = await requireHost(inventory, params.id);
        reply.header("etag", etagOf(host));
        return views.of(host);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/hosts/:id/inventory",
      access: { who: "person", may: "read", of: "host" },
      tag: "hosts",
      summary: "What a host is",
      description:
        "Its slow facts and parts, what changed in them and what it lacks of its class, what its " +
        "collectors did, what it does not say and why, and which metrics it reports now.",
      params: hostParams,
      answer: { status: 200, description: "the facts", schema: inventorySchema },
      problems: ["host-unknown", "nothing-yet"],
      async handle({ params }) {
        const host = await requireHost(inventory, params.id);
        const state = await inventory.state(host.id);
        if (state === undefined) {
          throw new ApiError("nothing-yet", `"${host.name}" has not said yet what it is`);
        }
        const past = {
          components: await inventory.components(host.id),
          changes: await inventory.componentChanges(host.id, changesShownMax),
          differences: await inventory.hardwareDifferences(host.id),
        };
        return viewInventory(host, { state, latest: parts.telemetry.latest(host.id), past });
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/hosts/:id/accept-hardware",
      access: { who: "person", may: "estate", of: "host" },
      tag: "hosts",
      summary: "Take a host's parts as they are",
      description:
        "What the host has now is what it shall have: it goes to the class of its parts, and differs " +
        "from it no more. Nothing on the machine changes.",
      params: hostParams,
      answer: { status: 200, description: "the host, in its class", schema: hostSchema },
      problems: ["host-unknown", "nothing-yet", "precondition-failed"],
      async handle({ params, person, request, note }) {
        const host = await requireHost(inventory, params.id);
        requireRevision(request, host);
        const accepted = await inventory.acceptHardware(host.id);
        if (accepted === undefined)
          throw new ApiError("nothing-yet", `"${host.name}" has not said yet what it is`);
        log.info({ hostId: host.id, by: person?.name }, "hardware accepted");
        note({
          action: "host.accept-hardware",
          subject: hostSubject(accepted),
          facts: { from: host.hardwareClass, to: accepted.hardwareClass },
        });
        return views.of(accepted);
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/hosts/:id/position",
      access: { who: "person", may: "estate", of: "host-and-position" },
      tag: "hosts",
      summary: "Say where a host sits",
      description: "Writes the position into the inventory; nothing on the machine changes.",
      params: hostParams,
      body: placeSchema,
      answer: { status: 200, description: "the host, placed", schema: hostSchema },
      problems: [
        "host-unknown",
        "position-invalid",
        "position-taken",
        "site-elsewhere",
        "revision-moved",
        "precondition-failed",
      ],
      async handle({ params, body, person, request, note }) {
        const host = await requireHost(inventory, params.id);
        requireRevision(request, host);
        const position = readPosition(body.position);
        if (position === null) throw new ApiError("position-invalid", "no position was given");
        const placed = await inventory.place(host.id, position);
        if (!placed.ok) throw explain(placed.problem, host.name);
        log.info({ hostId: host.id, position: body.position, by: person?.name }, "host placed");
        const from = host.position === null ? null : formatPosition(host.position);
        note({
          action: "host.place",
          subject: hostSubject(placed.value),
          facts: { from, to: body.position },
        });
        return views.of(placed.value);
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/hosts/:id",
      access: { who: "person", may: "estate", of: "host" },
      tag: "hosts",
      summary: "Forget a host that was enrolled wrongly",
      description:
        "Revokes its identity, so that its agent is refused from now on, and takes it out of the " +
        "inventory; its id is never given again. It changes nothing on the machine. Refused while a " +
        "lease runs on it or an operation of it has not ended.",
      params: hostParams,
      query: Type.Object(
        { reason: Type.String({ minLength: 3, maxLength: 500, description: "why, for the log" }) },
        { additionalProperties: false },
      ),
      answer: { status: 204, description: "forgotten", schema: nothingSchema },
      problems: ["host-unknown", "precondition-failed", "operation-running", "leased"],
      async handle({ params, query, person, request, note }) {
        const host = await requireHost(inventory, params.id);
        requireRevision(request, host);
        const life = await lifecycle.explain(host.id);
        if (life !== undefined) {
          const { operation, view } = life;
          const why = whyNotForget(host, { operation, leases: view.leases });
          if (why.length > 0) throw refusedBecause(why);
        }
        // Its keys go with it in one write; what that write finds begun meanwhile keeps them.
        const removed = await inventory.remove(host.id);
        if (removed === "in-use")
          throw new ApiError(
            "operation-running",
            `an operation or a lease began on ${host.name} in this moment; nothing was removed`,
            { hint: `wws-fleet host explain ${host.name}` },
          );
        // A session that is open ends now.
        await identity.revoke(host.id);
        log.info(
          {
            hostId: host.id,
            hostName: host.name,
            serial: host.serial,
            by: person?.name,
            reason: query.reason,
          },
          "host removed",
        );
        note({ action: "host.remove", subject: hostSubject(host), reason: query.reason });
        return null;
      },
    }),
  ];
}

function explain(
  problem: Extract<Awaited<ReturnType<Inventory["place"]>>, { readonly ok: false }>["problem"],
  hostName: string,
): ApiError {
  switch (problem.kind) {
    case "no-such-host":
      return new ApiError("host-unknown", `"${hostName}" is gone`);
    case "name-taken":
      return new ApiError("name-taken", `another host is called "${problem.name}"`);
    case "position-taken":
      return new ApiError("position-taken", `${problem.by} sits at ${problem.position}`);
    case "site-elsewhere":
      return new ApiError("site-elsewhere", `${problem.site} lies in ${problem.region}`);
    case "revision-moved":
      return new ApiError("revision-moved", `"${hostName}" was changed at the same time`);
  }
}
