import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Compile } from "typebox/compile";
import type { Static } from "typebox";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import { problems } from "./problems.ts";
import type { defineRoute, RouteDefinition } from "./route.ts";
import { healthSchema } from "./manager-schemas.ts";
import { problemSchema } from "./problem-schema.ts";

let world: ApiWorld;
let described: Described;
beforeAll(async () => {
  world = await createApiWorld();
  const answer = await world.api.inject({
    url: "/api/v1/openapi.json",
    headers: { host: "localhost" },
  });
  expect(answer.statusCode).toBe(200);
  described = answer.json();
});
afterAll(() => world.close());

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, OperationAnswer>>;
}
interface OperationAnswer {
  readonly description?: string;
  readonly content?: Readonly<
    Record<
      string,
      { readonly schema?: object; readonly examples?: Record<string, { value: unknown }> }
    >
  >;
}
interface Described {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const operations = () =>
  Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test("the routes, who may use them and how they may refuse", async () => {
  const lines = operations().map(({ path, method, operation }) => {
    const who =
      (operation.security ?? []).flatMap((way) => Object.keys(way)).join(" or ") || "anyone";
    const codes = Object.keys(operation.responses).join(" ");
    return `${method.toUpperCase().padEnd(6)} ${path.padEnd(42)} ${who.padEnd(18)} ${codes}`;
  });
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./golden/routes.txt");
});

test("it is OpenAPI 3.1, and every operation has a name of its own", () => {
  expect(described.openapi).toBe("3.1.0");
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every route says what it is for, what it answers and how it refuses, with examples", () => {
  const checkProblem = Compile(problemSchema);
  for (const { path, method, operation } of operations()) {
    const where = `${method} ${path}`;
    expect(operation.summary, where).toMatch(/\w{3,}/);
    expect(operation.description, where).toMatch(/\w{3,}/);
    expect(operation.tags, where).toHaveLength(1);
    const statuses = Object.keys(operation.responses);
    expect(
      statuses.some((status) => status.startsWith("2")),
      where,
    ).toBe(true);
    for (const [status, answer] of Object.entries(operation.responses)) {
      expect(answer.description, `${where} ${status}`).toMatch(/\w{3,}/);
      if (status.startsWith("2") || (path === "/readyz" && status === "503")) continue;
      const content = answer.content?.["application/problem+json"];
      expect(content?.schema, `${where} ${status}`).toEqual({
        $ref: "#/components/schemas/Problem",
      });
      const examples = Object.entries(content?.examples ?? {});
      expect(examples.length, `${where} ${status}`).toBeGreaterThan(0);
      for (const [code, { value }] of examples) {
        expect(checkProblem.Check(value), `${where} ${code}`).toBe(true);
        expect(value).toMatchObject({ code, status: Number(status) });
        expect(problems).toHaveProperty(code);
      }
    }
  }
});

test("every parameter in a path is described, and every reference leads somewhere", () => {
  for (const { path, operation } of operations()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const told = (operation.parameters ?? []).filter((one) => one.in === "path");
    expect(told.map((one) => one.name)).toEqual(inPath);
  }
  const references = [...JSON.stringify(described).matchAll(/"\$ref":"([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(50);
  for (const [, reference] of references) {
    const name = reference?.replace("#/components/schemas/", "") ?? "";
    expect(described.components.schemas).toHaveProperty(name);
  }
});

describe("without a sign-in", () => {
  test("every route but those for anyone answers 401", async () => {
    let closed = 0;
    for (const { path, method, operation } of operations()) {
      if (operation.security?.length === 0) continue;
      const body = method === "post" ? { payload: {} } : {};
      for (const headers of [
        { host: "localhost" },
        { host: "localhost", authorization: "Bearer nobody" },
        { host: "localhost", authorization: "Basic YTpi" },
        { host: "localhost", cookie: "wws_session=nobody" },
      ]) {
        const answer = await world.api.inject({
          method: method.toUpperCase() as "GET" | "POST" | "DELETE",
          url: path.replace(/\{\w+\}/g, "host-1"),
          headers,
          ...body,
        });
        expect(answer.statusCode, `${method} ${path}`).toBe(401);
        expect(answer.headers["content-type"]).toContain("application/problem+json");
        expect(answer.json().code).toBe("not-signed-in");
      }
      closed += 1;
    }
    expect(closed).toBeGreaterThan(18);
  });

  test("exactly these are for anyone", () => {
    const open = operations().filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ path, method }) => `${method} ${path}`).sort()).toEqual([
      "get /api/v1/openapi.json",
      "get /healthz",
      "get /readyz",
      "post /api/v1/session",
    ]);
  });
});

test("a route without a word on who may use it does not compile", () => {
  const rest = {
    method: "GET",
    path: "/x",
    tag: "manager",
    summary: "x",
    description: "x",
    answer: { status: 200, description: "x", schema: healthSchema },
    problems: [],
    handle: (): Static<typeof healthSchema> => ({ status: "ok", release: "x" }),
  } as const;
  // @ts-expect-error: access is missing
  const without: Parameters<typeof defineRoute<typeof healthSchema>>[0] = rest;
  expect(without).not.toHaveProperty("access");
  const access = { who: "person", may: "read", of: "cell" } as const;
  const complete: RouteDefinition<never, never, never, typeof healthSchema> = { ...rest, access };
  expect(complete.access).toBe(access);
});

describe("what is wrong with a request is told as a problem", () => {
  const send = (headers: Record<string, string>, payload: string) =>
    world.api.inject({
      method: "POST",
      url: "/api/v1/enrolment/tokens",
      headers: { ...asToken(world.token), ...headers },
      payload,
    });
  const json = { "content-type": "application/json" };

  test.each([
    [
      "another content type",
      { "content-type": "text/plain" },
      "{}",
      415,
      "content-type-unsupported",
    ],
    [
      "a form",
      { "content-type": "application/x-www-form-urlencoded" },
      "kind=pending",
      415,
      "content-type-unsupported",
    ],
    ["no content type", { "content-type": "" }, "{}", 415, "content-type-unsupported"],
    ["no JSON", json, "{", 400, "body-unreadable"],
    ["an empty body", json, "", 400, "body-unreadable"],
    ["deep nesting", json, "[".repeat(21) + "]".repeat(21), 400, "body-unreadable"],
    ["a prototype", json, '{"__proto__":{"kind":"pending"}}', 400, "body-unreadable"],
    ["more than 1 MiB", json, `{"kind":"${"x".repeat(1_048_576)}"}`, 413, "body-too-large"],
    ["a missing field", json, "{}", 400, "invalid-request"],
    ["an unknown field", json, '{"kind":"pending","colour":1}', 400, "invalid-request"],
    ["a wrong word", json, '{"kind":"guest"}', 400, "invalid-request"],
    ["a figure as text", json, '{"kind":"pending","uses":"3"}', 400, "invalid-request"],
  ])("%s", async (_what, headers, payload, status, code) => {
    const answer = await send(headers, payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    const problem = answer.json();
    expect(problem).toMatchObject({ code, status, instance: expect.stringMatching(/^req-/) });
    expect(problem.hint.length).toBeGreaterThan(10);
  });

  test.each([
    ["GET", "/api/v1/nothing", 404, "route-unknown"],
    ["POST", "/api/v1/hosts", 404, "route-unknown"],
    ["GET", "/api/v2/hosts", 404, "route-unknown"],
    ["GET", "/nothing", 404, "route-unknown"],
    ["GET", "/api/v1/%zz", 400, "invalid-request"],
    ["GET", `/api/v1/hosts/${"x".repeat(300)}`, 400, "invalid-request"],
    ["GET", "/../../etc/passwd", 404, "route-unknown"],
  ] as const)("%s %s", async (method, url, status, code) => {
    const answer = await world.api.inject({ method, url, headers: asToken(world.token) });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
  });
});
