import { Type } from "typebox";
import { checkGrant, type Grant } from "#fleet/identity/grants.ts";
import type { By, People, User, UserProblem } from "#fleet/identity/people.ts";
import { capabilities, roleNames, roles } from "#fleet/identity/roles.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import { nearestNames } from "./near-names.ts";
import { becauseSchema } from "./operation-schemas.ts";
import {
  addUserSchema,
  changeGrantsSchema,
  type GrantView,
  roleListSchema,
  setPasswordSchema,
  userListSchema,
  userSchema,
} from "./people-schemas.ts";
import { ApiError } from "./problems.ts";
import { type Ask, defineRoute, type Route } from "./route.ts";

const userParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) });
const access = { who: "person", may: "people", of: "cell" } as const;

/** Who there is, and what they may do. */
export function createUserRoutes({ people }: { readonly people: People }): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/roles",
      access: { who: "person", may: "self" },
      tag: "people",
      summary: "List roles",
      description: "What each lets one do.",
      answer: { status: 200, description: "the roles", schema: roleListSchema },
      problems: [],
      handle: () => ({
        items: roleNames.map((role) => ({
          role,
          words: roles[role].words,
          isForWholeCell: roles[role].isForWholeCell,
          may: roles[role].may.map((capability) => ({
            capability,
            words: capabilities[capability],
          })),
        })),
        nextCursor: null,
      }),
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/users",
      access,
      tag: "people",
      summary: "List people and services",
      description: "By name, with what they may do.",
      answer: { status: 200, description: "the users", schema: userListSchema },
      problems: [],
      handle: async () => ({ items: await people.users(), nextCursor: null }),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/users",
      access,
      tag: "people",
      summary: "Add a person or a service",
      description:
        "Without grants they may do nothing. A person signs in with a link (POST /session/links) or a " +
        "password; a service with a token (POST /tokens).",
      body: addUserSchema,
      answer: {
        status: 201,
        description: "the user",
        schema: userSchema,
        location: ({ name }) => `/api/v1/users/${name}`,
      },
      problems: ["name-taken"],
      async handle({ body, person }) {
        const { name, displayName = name, kind = "person", grants = [], reason } = body;
        const user = {
          name,
          displayName: cleanName(displayName),
          kind,
          grants: readGrants(grants),
        };
        return requireChanged(await people.addUser(user, byOf(person, reason)), name);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/users/:name",
      access,
      tag: "people",
      summary: "One person or service",
      description: "What they may do, and how they sign in.",
      params: userParams,
      answer: { status: 200, description: "the user", schema: userSchema },
      problems: ["user-unknown"],
      async handle({ params }) {
        const user = await people.user(params.name);
        if (user !== undefined) return user;
        const names = (await people.users()).map(({ name }) => name);
        const near = nearestNames(params.name, names);
        throw new ApiError("user-unknown", `there is no user "${params.name.slice(0, 63)}"`, {
          ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(" or ")}?` }),
        });
      },
    }),
    disableRoute("disable", true, "Their sessions, tokens and event streams end at once."),
    disableRoute("enable", false, "With what they might do before; sessions begin anew."),
    defineRoute({
      method: "POST",
      path: "/api/v1/users/:name/grants",
      access,
      tag: "people",
      summary: "Give and take roles",
      description:
        "Whoever may do less afterwards is signed out at once and signs in again as what they are.",
      params: userParams,
      body: changeGrantsSchema,
      answer: { status: 200, description: "the user", schema: userSchema },
      problems: ["user-unknown", "last-security", "revision-moved"],
      async handle({ params, body, person }) {
        const change = { add: readGrants(body.add ?? []), remove: readGrants(body.remove ?? []) };
        if (change.add.length + change.remove.length === 0)
          throw new ApiError("invalid-request", 'body: "add" or "remove" names at least one grant');
        const { name } = params;
        return requireChanged(
          await people.changeGrants(name, change, byOf(person, body.reason)),
          name,
        );
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/users/:name/password",
      access,
      tag: "people",
      summary: "Set somebody's password, or take it away",
      description: "Their sessions end. `null`: they sign in by link only.",
      params: userParams,
      body: setPasswordSchema,
      answer: { status: 200, description: "the user", schema: userSchema },
      problems: ["user-unknown", "revision-moved"],
      async handle({ params, body, person }) {
        const by = byOf(person, body.reason);
        return requireChanged(
          await people.setPassword(params.name, body.password, by),
          params.name,
        );
      },
    }),
  ];

  function disableRoute(verb: "disable" | "enable", isDisabled: boolean, words: string): Route {
    return defineRoute({
      method: "POST",
      path: `/api/v1/users/:name/${verb}`,
      access,
      tag: "people",
      summary: isDisabled ? "Let somebody in no more" : "Let somebody in again",
      description: words,
      params: userParams,
      body: becauseSchema,
      answer: { status: 200, description: "the user", schema: userSchema },
      problems: ["user-unknown", "last-security", "revision-moved"],
      async handle({ params, body, person }) {
        const by = byOf(person, body.reason);
        return requireChanged(await people.setDisabled(params.name, isDisabled, by), params.name);
      },
    });
  }
}

/** Throws `invalid-request` where one is none. */
export function readGrants(grants: readonly GrantView[]): readonly Grant[] {
  return grants.map(({ role, scope }) => {
    const grant = checkGrant(role, scope);
    if (grant.ok) return grant.value;
    throw new ApiError("invalid-request", `body "grants": ${grant.problem}`);
  });
}

function byOf(person: Ask<unknown, unknown, unknown>["person"], reason: string): By {
  return { name: person?.name ?? "unknown", reason };
}

/** Nothing that turns the line round or hides in it: a name is read by people who decide. */
function cleanName(text: string): string {
  const clean = text.normalize("NFC").trim();
  if (clean !== "" && !/[\p{C}\p{Zl}\p{Zp}]/u.test(clean)) return clean;
  throw new ApiError("invalid-request", 'body "displayName": it is empty or has hidden characters');
}

export function requireChanged(result: Result<User, UserProblem>, name: string): User {
  if (result.ok) return result.value;
  const shown = name.slice(0, 63);
  const { problem } = result;
  switch (problem.kind) {
    case "unknown":
      throw new ApiError("user-unknown", `there is no user "${shown}"`);
    case "name-taken":
      throw new ApiError("name-taken", `there is a user "${shown}" already`, {
        hint: "`wws-fleet user list` shows who there is",
      });
    case "name-invalid":
      throw new ApiError("invalid-request", `body "name": ${problem.words}`);
    case "last-security":
      throw new ApiError(
        "last-security",
        `"${shown}" is the last who may decide who may do what in this cell`,
      );
    case "moved":
      throw new ApiError("revision-moved", `"${shown}" was changed at the same time`);
    case "password-weak":
      throw new ApiError("invalid-request", `body "password": ${problem.words}`);
    case "is-service":
      throw new ApiError("invalid-request", `"${shown}" is a service: it signs in nowhere`, {
        hint: "make it a token: `wws-fleet token add NAME --owner SERVICE`",
      });
  }
}
