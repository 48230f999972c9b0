import { Type } from "typebox";
import type { AlertDesk } from "#fleet/alerts/alert-desk.ts";
import { parseUuid, type SilenceId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { addSilenceSchema, silenceListSchema, silenceSchema } from "./alert-schemas.ts";
import { viewSilence } from "./alert-view.ts";
import { askerOf } from "./asker.ts";
import { nothingSchema } from "./route-document.ts";
import { lifeProblems, requireDone } from "./life-refusals.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { reasonSchema } from "./schema-parts.ts";
import type { Sight } from "./sight.ts";

/** A person's word that some alerts need not be told for a while. */
export function createSilenceRoutes({ alerts }: { readonly alerts: AlertDesk }): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/alerts/silences",
      access: { who: "person", may: "read", of: "listed" },
      tag: "alerts",
      summary: "List silences",
      description:
        "Those in force, oldest first. Whoever sees single sites only is shown those that name them.",
      answer: { status: 200, description: "the silences", schema: silenceListSchema },
      problems: [],
      handle: async ({ sight }) => ({
        items: (await alerts.silences())
          .filter(({ selector }) => isOfSites(selector, "read", sight))
          .map(viewSilence),
        nextCursor: null,
      }),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/alerts/silences",
      access: { who: "person", may: "operate", of: "somewhere" },
      tag: "alerts",
      summary: "Have some alerts not told for a while",
      description:
        "They are still listed, and say why nobody is told. When it ends, what is still so is told. " +
        "Whoever may operate single sites only names one: `site=fra2,…`.",
      body: addSilenceSchema,
      answer: { status: 201, description: "the silence", schema: silenceSchema },
      problems: ["silence-invalid", ...lifeProblems],
      async handle({ body, person, sight }) {
        requireSites(body.selector, sight);
        const { selector, untilMs, reason } = body;
        const asker = askerOf(person, reason);
        const done = await alerts.silence({ selector, untilMs: unixMs(untilMs) }, asker);
        if (done.ok) return viewSilence(done.value);
        const { problem } = done;
        if (problem.kind === "invalid")
          throw new ApiError("silence-invalid", problem.words, { hint: problem.hint });
        return requireDone({ ok: false, problem }, "silence-unknown");
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/alerts/silences/:id",
      access: { who: "person", may: "operate", of: "somewhere" },
      tag: "alerts",
      summary: "End a silence",
      description: "What it covered and is still so is told from now on.",
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
      query: Type.Object({ reason: reasonSchema }, { additionalProperties: false }),
      answer: { status: 204, description: "ended", schema: nothingSchema },
      problems: ["silence-unknown", ...lifeProblems],
      async handle({ params, query, person, sight }) {
        const id = parseUuid<SilenceId>(params.id);
        const found = (await alerts.silences()).find((one) => id.ok && one.id === id.value);
        const isSeen = found !== undefined && isOfSites(found.selector, "read", sight);
        if (!isSeen || !id.ok)
          throw new ApiError("silence-unknown", `there is no silence "${params.id.slice(0, 64)}"`);
        requireSites(found.selector, sight);
        const done = await alerts.endSilence(id.value, askerOf(person, query.reason));
        requireDone(done, "silence-unknown");
        return null;
      },
    }),
  ];
}

/** Whoever may not operate the whole cell silences the sites that they may operate. Throws. */
function requireSites(selector: string, sight: Sight): void {
  if (isOfSites(selector, "operate", sight)) return;
  throw new ApiError("role-missing", "you may operate single sites, and this covers more", {
    hint: "name the site: site=fra2,kind=host-lost",
  });
}

/** Whether they may do so for all that it can cover: the sites that it names, or else the whole cell. */
function isOfSites(selector: string, capability: "read" | "operate", sight: Sight): boolean {
  if (sight.may(capability, null)) return true;
  const sites = selector
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part.startsWith("site="))
    .map((part) => part.slice("site=".length));
  return (
    sites.length > 0 &&
    sites.every((site) => sight.may(capability, { position: { site }, tags: [] }))
  );
}
