import { type TSchema, Type } from "typebox";
import {
  ApiError,
  describeProblem,
  type ProblemCode,
  problemMediaType,
  problems,
} from "./problems.ts";
import type { Route } from "./route.ts";
import { problemSchema } from "./problem-schema.ts";

/** What fastify checks a request with, and what OpenAPI says of the route; one thing. */
export function documentRoute(route: Route): object {
  return {
    tags: [route.tag],
    summary: route.summary,
    description: route.description,
    operationId: operationIdOf(route),
    security: securityOf(route),
    params: route.params,
    querystring: route.query,
    ...(route.body === null
      ? {}
      : { body: route.body, consumes: route.takes?.contentTypes ?? ["application/json"] }),
    response: { ...answerOf(route), ...refusalsOf(route) },
  };
}

/** `GET /api/v1/hosts/:id/telemetry` → `getHostsIdTelemetry`. */
export function operationIdOf(route: Pick<Route, "method" | "path">): string {
  const words = route.path.replace("/api/v1", "").split(/[^A-Za-z0-9]+/);
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return `${route.method.toLowerCase()}${name}`;
}

/** Every refusal a route may give, those of its kind included. */
export function problemsOf(route: Route): readonly ProblemCode[] {
  const codes = new Set<ProblemCode>(["invalid-request", "internal"]);
  const isChange = route.method !== "GET";
  if (isChange || route.access.who !== "anyone") codes.add("address-refused");
  if (route.access.who !== "anyone") codes.add("not-signed-in").add("too-many-requests");
  if (route.access.who !== "anyone" && route.access.may !== "self") codes.add("role-missing");
  if (route.access.who === "api-token") codes.add("token-needed");
  if (isChange || route.tag === "events") codes.add("origin-refused");
  if (route.body !== null) {
    codes.add("body-unreadable").add("body-too-large").add("content-type-unsupported");
  }
  if (route.method === "POST" && route.access.who !== "anyone") codes.add("key-reused");
  for (const code of route.problems) codes.add(code);
  return [...codes];
}

function answerOf(route: Route): Record<string, object> {
  const { status, description, schema, contentType } = route.answer;
  if (status === 204) return { 204: { description, type: "null" } };
  const content = { [contentType]: { schema } };
  const { notYet } = route.answer;
  return {
    [status]: { description, content },
    ...(notYet === undefined ? {} : { 503: { description: notYet, content } }),
  };
}

function refusalsOf(route: Route): Record<string, object> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(route)) {
    const list = byStatus.get(problems[code].status) ?? [];
    byStatus.set(problems[code].status, [...list, code]);
  }
  const answers: Record<string, object> = {};
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    const examples = codes.map((code) => [code, { value: exampleOf(code) }] as const);
    answers[status] = {
      description: codes.map((code) => problems[code].title).join("; or: "),
      content: {
        [problemMediaType]: { schema: problemSchema, examples: Object.fromEntries(examples) },
      },
    };
  }
  return answers;
}

function exampleOf(code: ProblemCode): object {
  return describeProblem(new ApiError(code, `${problems[code].title}: what exactly`), "req-1");
}

function securityOf(route: Route): readonly Record<string, readonly string[]>[] {
  if (route.access.who === "anyone") return [];
  if (route.access.who === "api-token") return [{ bearer: [] }];
  return [{ bearer: [] }, { session: [] }];
}

/** Answers that are no JSON. */
export const textSchema: TSchema = Type.String();
/** Answers without a body. */
export const nothingSchema = Type.Null();
