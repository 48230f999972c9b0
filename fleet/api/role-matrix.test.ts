import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Role, roleNames, roles } from "#fleet/identity/roles.ts";
import { createApiWorld } from "#test/support/api-world.ts";
import { asToken, createRoleWorld, type RoleWorld, type Where } from "#test/support/role-world.ts";
import { matrixRow, writeRolesDocument } from "./role-matrix.ts";
import type { Route } from "./route.ts";

let world: RoleWorld;
const tokens = new Map<string, string>();
const cookies = new Map<string, string>();

beforeAll(async () => {
  world = await createRoleWorld(true);
  for (const role of roleNames) {
    const scope = roles[role].isForWholeCell ? "all" : "site=fra2";
    tokens.set(role, await world.someone(role, [{ role, scope }]));
    cookies.set(role, await world.sessionOf(role));
    tokens.set(`${role} all`, await world.someone(`${role}-all`, [{ role, scope: "all" }]));
  }
  tokens.set("nobody", await world.someone("nobody", []));
});
afterAll(() => world.close());

const keyed = () => world.routes.map((route) => [matrixRow(route).route, route] as const);

/** What must come out, from the declared row alone. */
function expected(
  route: Route,
  role: Role | "nobody",
  where: Where,
  isEverywhere: boolean,
): string {
  const { of, rights } = matrixRow(route);
  if (of === "anyone" || of === "self") return "reached";
  if (role === "nobody" || rights[role] === "no") return "role-missing";
  if (isEverywhere || roles[role].isForWholeCell) return "reached";
  switch (of) {
    case "cell":
      return "role-missing";
    case "somewhere":
    case "listed":
      return "reached";
    case "position":
    case "host-and-position":
      if (where === "in") return "reached";
      return of === "position" ? "role-missing" : "host-unknown";
    case "host":
    case "host-of-body":
    case "selected":
      return where === "in" ? "reached" : "host-unknown";
    default:
      return where === "in" ? "reached" : `${of}-unknown`;
  }
}

async function outcome(
  route: Route,
  where: Where,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const before = world.reached();
  const { status, code, body } = await world.ask(route, where, headers);
  const ran = world.reached() - before;
  if (code === "not-now" && ran === 1) return "reached";
  return ran === 0 ? code || `${status} ${body.slice(0, 120)}` : `${code}, and the handler ran`;
}

test("every route that is served is walked", async () => {
  const whole = await createApiWorld();
  const described = await whole.api.inject({ url: "/api/v1/openapi.json" });
  await whole.close();
  const paths: Readonly<Record<string, object>> = described.json().paths;
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace("/api/v1", "")}`),
  );
  expect(
    keyed()
      .map(([name]) => name)
      .toSorted(),
  ).toEqual(served.toSorted());
});

describe("by a program, every route does what is declared for", () => {
  for (const role of [...roleNames, "nobody"] as const)
    test(role, async () => {
      const found: Record<string, string> = {};
      const declared: Record<string, string> = {};
      for (const [name, route] of keyed())
        for (const where of ["in", "out"] as const)
          for (const everywhere of role === "nobody" ? [""] : ["", " all"]) {
            const key = `${name}, ${where} of scope${everywhere}`;
            const token = tokens.get(`${role}${everywhere}`) ?? "";
            found[key] = await outcome(route, where, asToken(token));
            declared[key] = expected(route, role, where, everywhere !== "");
          }
      expect(found).toEqual(declared);
    });
});

test("in a browser the same holds, and what is for programs is for programs", async () => {
  for (const role of roleNames) {
    const found: Record<string, string> = {};
    const declared: Record<string, string> = {};
    for (const [name, route] of keyed())
      for (const where of ["in", "out"] as const) {
        const cookie = cookies.get(role) ?? "";
        const headers = { cookie, origin: "http://127.0.0.1:7600" };
        found[`${name}, ${where}`] = await outcome(route, where, headers);
        declared[`${name}, ${where}`] =
          route.access.who === "api-token" ? "token-needed" : expected(route, role, where, false);
      }
    expect(found, role).toEqual(declared);
  }
});

describe("nobody gets anywhere", () => {
  const walk = async (headers: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const wrong: string[] = [];
    for (const [name, route] of keyed()) {
      const got = await outcome(route, "in", headers);
      const right = route.access.who === "anyone" ? "reached" : "not-signed-in";
      if (got !== right) wrong.push(`${name}: ${got}`);
    }
    return wrong;
  };

  test("without credentials", async () => expect(await walk({})).toEqual([]));

  test("with a token whose time is over", async () => {
    const { secret } = await world.parts.people.createApiToken("old", 1_000);
    await world.clock.advance(1_001);
    expect(await walk(asToken(secret))).toEqual([]);
  });

  test("with a token of somebody who was disabled", async () => {
    const secret = await world.someone("gone", [{ role: "operator", scope: "all" }]);
    await world.parts.people.setDisabled("gone", true, { name: "tester", reason: "left us" });
    expect(await walk(asToken(secret))).toEqual([]);
  });

  test("with a session of somebody who was disabled", async () => {
    await world.someone("left", [{ role: "operator", scope: "all" }]);
    const cookie = await world.sessionOf("left");
    await world.parts.people.setDisabled("left", true, { name: "tester", reason: "left us" });
    expect(await walk({ cookie, origin: "http://127.0.0.1:7600" })).toEqual([]);
  });
});

test("docs/roles.md says what is declared", async () => {
  const file = join(import.meta.dirname, "../../docs/roles.md");
  await expect(writeRolesDocument(world.routes.map(matrixRow))).toMatchFileSnapshot(file);
});
