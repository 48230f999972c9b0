import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Lifecycle } from "#fleet/lifecycle/lifecycle.ts";
import { askerOf, requireRevision } from "./asker.ts";
import { hostParams, requireHost } from "./find-host.ts";
import { hostSchema } from "./host-schemas.ts";
import type { HostViews } from "./host-views.ts";
import { lifeProblems, requireDone } from "./life-refusals.ts";
import { becauseSchema } from "./operation-schemas.ts";
import { defineRoute, type Route } from "./route.ts";

/** Whether anything may be done to a host at all, or whether it is only watched. */
export function createWatchRoutes(parts: {
  readonly inventory: Inventory;
  readonly lifecycle: Lifecycle;
  readonly views: HostViews;
}): readonly Route[] {
  return [
    setWatchedOnly("manage", false, {
      summary: "End that a host is only watched",
      description:
        "A host that was taken in as it stood is only watched: from now on it may be drained, " +
        "rebooted and the rest. Nothing is done to it by this.",
    }),
    setWatchedOnly("watch", true, {
      summary: "Only watch a host from now on",
      description: "Nothing is done to it any more; the log says what would have been done.",
    }),
  ];

  function setWatchedOnly(
    verb: "manage" | "watch",
    watchedOnly: boolean,
    words: { readonly summary: string; readonly description: string },
  ): Route {
    return defineRoute({
      method: "POST",
      path: `/api/v1/hosts/:id/${verb}`,
      access: { who: "person", may: "operate", of: "host" },
      tag: "hosts",
      ...words,
      params: hostParams,
      body: becauseSchema,
      answer: { status: 200, description: "the host", schema: hostSchema },
      problems: ["host-unknown", "precondition-failed", ...lifeProblems],
      async handle({ params, body, person, request }) {
        const host = await requireHost(parts.inventory, params.id);
        requireRevision(request, host);
        const changed = await parts.lifecycle.setWatchedOnly(
          host.id,
          watchedOnly,
          askerOf(person, body.reason),
        );
        return parts.views.of(requireDone(changed, "host-unknown"));
      },
    });
  }
}
