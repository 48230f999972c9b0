import type { AlertDesk } from "#fleet/alerts/alert-desk.ts";
import { alertChannelListSchema, alertTestSchema } from "./alert-schemas.ts";
import { askerOf } from "./asker.ts";
import { lifeProblems, requireDone } from "./life-refusals.ts";
import { becauseSchema } from "./operation-schemas.ts";
import { defineRoute, type Route } from "./route.ts";

/** The ways by which alerts leave the house. */
export function createAlertChannelRoutes({
  alerts,
}: {
  readonly alerts: AlertDesk;
}): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/alerts/channels",
      access: { who: "person", may: "read", of: "cell" },
      tag: "alerts",
      summary: "How the channels of alerts fare",
      description:
        "Those of the manager's configuration: when each last took something, when it last failed " +
        "and why, and what waits for it.",
      answer: { status: 200, description: "the channels", schema: alertChannelListSchema },
      problems: [],
      handle: () => ({ items: alerts.channels(), nextCursor: null }),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/alerts/test",
      access: { who: "person", may: "operate", of: "cell" },
      tag: "alerts",
      summary: "Send a test through each channel",
      description: "At once, and beside what waits; answers what each of them said.",
      body: becauseSchema,
      answer: { status: 200, description: "what came of it", schema: alertTestSchema },
      problems: [...lifeProblems],
      async handle({ body, person }) {
        const done = requireDone(await alerts.test(askerOf(person, body.reason)), "alert-unknown");
        return {
          items: done.map(({ channel, kind, words }) => ({
            channel,
            isDelivered: kind === "sent",
            words,
          })),
        };
      },
    }),
  ];
}
