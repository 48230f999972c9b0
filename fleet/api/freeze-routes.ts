import { Type } from "typebox";
import type { FreezeWatch } from "#fleet/lifecycle/freeze-watch.ts";
import { exits } from "#fleet/lifecycle/exits.ts";
import { type FreezeView, freezeSchema } from "./freeze-schemas.ts";
import { becauseSchema } from "./operation-schemas.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { reasonSchema } from "./schema-parts.ts";
import { orStoreFailed } from "./store-routes.ts";

/** Stopping everything that changes a host: one may, and lifting it takes two. */
export function createFreezeRoutes({
  freeze,
  freezeLiftNeedsTwo: liftNeedsTwo,
}: {
  readonly freeze: Pick<FreezeWatch, "freeze" | "begin" | "lift">;
  /** False in profile `lab`. */
  readonly freezeLiftNeedsTwo: boolean;
}): readonly Route[] {
  const view = (): FreezeView => ({ freeze: freeze.freeze(), liftNeedsTwo });
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/freeze",
      access: { who: "person", may: "read", of: "somewhere" },
      tag: "manager",
      summary: "Is the cell frozen",
      description: "null: it is not; who froze it, since when, why, and who wants it lifted.",
      answer: { status: 200, description: "the freeze", schema: freezeSchema },
      problems: [],
      handle: view,
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/freeze",
      access: { who: "person", may: "freeze", of: "somewhere" },
      tag: "manager",
      summary: "Stop everything that changes a host",
      description:
        "At once and in the whole cell: no plan is applied, no operation begins or takes its next step. " +
        "Reading, locating, holds, pauses and cancels go on. It outlives a restart and a full disk. " +
        "Where it is frozen already that stays.",
      body: becauseSchema,
      answer: { status: 200, description: "the freeze", schema: freezeSchema },
      problems: [],
      async handle({ body, person }) {
        await freeze.begin(person?.name ?? "unknown", body.reason);
        return view();
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/freeze",
      access: { who: "person", may: "freeze", of: "cell" },
      tag: "manager",
      summary: "Lift the freeze",
      description:
        "The first who asks is written down, another person who asks lifts it; in profile lab one may " +
        "do both. A service is nobody here. What stood still goes on from where it was.",
      query: Type.Object({ reason: reasonSchema }, { additionalProperties: false }),
      answer: { status: 200, description: "what is left of it", schema: freezeSchema },
      problems: ["not-now", "store-failed"],
      async handle({ query, person }) {
        if (liftNeedsTwo && person?.kind !== "person")
          throw new ApiError(
            "not-now",
            "lifting a freeze takes two people, and this is a program",
            {
              hint: "two people ask for it, each signed in or with a token of their own",
            },
          );
        const name = person?.name ?? "unknown";
        const lifted = await orStoreFailed(freeze.lift(name, query.reason, !liftNeedsTwo));
        if (lifted.ok) return { freeze: lifted.value, liftNeedsTwo };
        throw lifted.problem === "not-frozen"
          ? new ApiError("not-now", "the cell is not frozen")
          : new ApiError("not-now", `"${name}" has asked already: another person has to agree`, {
              hint: `another operator can: ${exits.unfreeze()}`,
            });
      },
    }),
  ];
}
