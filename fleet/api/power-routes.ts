import { hostParams, requireHost } from "./find-host.ts";
import { lifeProblems, requireDone } from "./life-refusals.ts";
import type { LifeParts } from "./life-view.ts";
import { hostPowerSchema } from "./power-schemas.ts";
import { defineRoute, type Route } from "./route.ts";

export function createPowerRoutes({ inventory, lifecycle }: LifeParts): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/hosts/:id/power",
      access: { who: "person", may: "read", of: "host" },
      tag: "hosts",
      summary: "What a host's BMC says of its power",
      description:
        "Asks the BMC now, which takes a while: one call at a time, 5 s between two. Refused with " +
        "`not-now` where no BMC is configured for the host, or it does not answer. Power is changed by " +
        "a plan (POST /plans with action `power`).",
      params: hostParams,
      answer: { status: 200, description: "its word, which may be wrong", schema: hostPowerSchema },
      problems: ["host-unknown", ...lifeProblems],
      async handle({ params }) {
        const host = await requireHost(inventory, params.id);
        const { state, observedMs } = requireDone(await lifecycle.power(host.id), "host-unknown");
        return { host: host.name, state, observedMs };
      },
    }),
  ];
}
