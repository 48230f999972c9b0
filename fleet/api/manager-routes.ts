import { defineRoute, type Route } from "./route.ts";
import { textSchema } from "./route-document.ts";
import { healthSchema, type Ready, readySchema } from "./manager-schemas.ts";

export function createManagerRoutes(parts: {
  readonly release: string;
  readonly ready: () => Ready;
  readonly writeMetrics: () => Promise<string>;
}): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/healthz",
      access: { who: "anyone", because: "whatever watches the process has no token" },
      tag: "manager",
      summary: "Is the process alive",
      description: "Answers as long as the process does.",
      answer: { status: 200, description: "alive", schema: healthSchema },
      problems: [],
      handle: () => ({ status: "ok" as const, release: parts.release }),
    }),
    defineRoute({
      method: "GET",
      path: "/readyz",
      access: { who: "anyone", because: "whatever starts and balances managers has no token" },
      tag: "manager",
      summary: "Is the manager ready",
      description: "200 when it is, 503 with what it waits for until then.",
      answer: {
        status: 200,
        description: "ready",
        notYet: "not ready yet, with what is still to come",
        schema: readySchema,
      },
      problems: [],
      handle({ reply }) {
        const state = parts.ready();
        if (!state.isReady) reply.code(503);
        return state;
      },
    }),
    defineRoute({
      method: "GET",
      path: "/metrics",
      access: { who: "api-token", may: "read", of: "cell" },
      tag: "manager",
      summary: "The manager's own metrics",
      description: "Prometheus text: sessions, reports, samples, requests, the event loop.",
      answer: {
        status: 200,
        description: "the metrics",
        schema: textSchema,
        contentType: "text/plain; version=0.0.4; charset=utf-8",
      },
      problems: [],
      handle: () => parts.writeMetrics(),
    }),
  ];
}
