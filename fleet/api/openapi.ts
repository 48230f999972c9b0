import fastifySwagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { nameSchemas } from "./named-schemas.ts";
import { defineRoute, type Route, routeTags } from "./route.ts";

/** Describes every route from the very schemas that check it. Must come before the routes. */
export function describeApi(
  app: FastifyInstance,
  parts: { readonly release: string; readonly cookieName: string },
): void {
  app.register(fastifySwagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "wws-fleet",
        version: parts.release,
        description:
          "The fleet manager's API. Times are unix milliseconds. Refusals are problem+json " +
          "(RFC 9457) with a stable `code` and a `hint`. A POST may carry an Idempotency-Key: sent " +
          "twice within ten minutes it acts once.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      tags: Object.entries(routeTags).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", description: "an API token" },
          session: {
            type: "apiKey",
            in: "cookie",
            name: parts.cookieName,
            description: "the console's session; a change also carries its Origin",
          },
        },
      },
    },
  });
}

export function createDocumentRoutes(app: FastifyInstance): readonly Route[] {
  let described: unknown;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/openapi.json",
      access: { who: "anyone", because: "it stands in the public source; tools read it first" },
      tag: "manager",
      summary: "This description",
      description: "OpenAPI 3.1, made from the schemas that check the requests.",
      answer: { status: 200, description: "the description", schema: Type.Unknown() },
      problems: [],
      handle() {
        described ??= nameSchemas(app.swagger());
        return described;
      },
    }),
  ];
}
