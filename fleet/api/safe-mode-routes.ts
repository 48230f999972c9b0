import { Type } from "typebox";
import { exits } from "#fleet/lifecycle/exits.ts";
import type { SafeModeWatch } from "#fleet/lifecycle/safe-mode-watch.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { safeModeSchema } from "./safe-mode-schemas.ts";
import { reasonSchema } from "./schema-parts.ts";

export function createSafeModeRoutes(
  safeMode: Pick<SafeModeWatch, "mode" | "acknowledge">,
): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/store/safe-mode",
      access: { who: "person", may: "read", of: "somewhere" },
      tag: "store",
      summary: "Is the store trusted",
      description:
        "After a restore, or where hosts know a later term than the store, only reading, locating, " +
        "holding, pausing and canceling go on until two people have acknowledged. null: it is trusted.",
      answer: { status: 200, description: "the mode", schema: safeModeSchema },
      problems: [],
      handle: () => ({ safeMode: safeMode.mode() }),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/store/safe-mode/acknowledge",
      access: { who: "person", may: "store", of: "cell" },
      tag: "store",
      summary: "Trust the store again",
      description:
        "One of the two people who compared it with the hosts; the second ends safe mode.",
      body: Type.Object({ reason: reasonSchema }, { additionalProperties: false }),
      answer: { status: 200, description: "what is left of it", schema: safeModeSchema },
      problems: ["not-now"],
      async handle({ body, person }) {
        const answer = await safeMode.acknowledge(person?.name ?? "unknown", body.reason);
        if (answer.ok) return { safeMode: answer.value };
        if (answer.problem === "same-person")
          throw new ApiError("not-now", "you have acknowledged it already; a second person must", {
            hint: `another person can: ${exits.acknowledgeStore()}`,
          });
        throw new ApiError("not-now", "the store is trusted: there is nothing to acknowledge", {
          hint: "nothing has to be done",
        });
      },
    }),
  ];
}
