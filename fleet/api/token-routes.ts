import { Type } from "typebox";
import { bothGrants, type Grant, isNoWider } from "#fleet/identity/grants.ts";
import type { People, Person } from "#fleet/identity/people.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { addedTokenSchema, addTokenSchema, apiTokenListSchema } from "./people-schemas.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nothingSchema } from "./route-document.ts";
import type { Sight } from "./sight.ts";
import { readGrants } from "./user-routes.ts";

const validMsUsual = 90 * 86_400_000;
const access = { who: "person", may: "self" } as const;

/** API tokens: everybody's own, and for those who may, those of services. */
export function createTokenRoutes({
  people,
  clock,
}: {
  readonly people: People;
  readonly clock: Clock;
}): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/tokens",
      access,
      tag: "people",
      summary: "List API tokens",
      description:
        "Your own; with the role security everybody's. Without their secrets, which are kept hashed.",
      answer: { status: 200, description: "the tokens", schema: apiTokenListSchema },
      problems: [],
      async handle({ person, sight }) {
        const isAll = sight.may("people", null);
        return { items: await people.tokens(isAll ? undefined : person?.name), nextCursor: null };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/tokens",
      access,
      tag: "people",
      summary: "Make an API token",
      description:
        "Yours: it may do no more than you, and less where `grants` says so; what you may later no " +
        "more, it may not either. With the role security also of a service. Shown once; 90 days where " +
        "not said, and one that is made with a token is over with that one.",
      body: addTokenSchema,
      answer: { status: 201, description: "the token; shown once", schema: addedTokenSchema },
      problems: ["name-taken", "user-unknown", "role-missing"],
      async handle({ body, person, sight }) {
        if (person === null) throw new ApiError("not-signed-in", "nobody is signed in");
        const wanted = body.grants === undefined ? null : readGrants(body.grants);
        const owner = body.owner ?? person.name;
        const grants =
          owner === person.name && person.kind !== "machine"
            ? ownGrants(person, wanted)
            : await grantsOfService(owner, wanted, sight);
        const untilMs = clock.nowUnixMs() + (body.validMs ?? validMsUsual);
        const lastMs = person.token === null ? untilMs : Math.min(untilMs, person.expiresMs);
        const validMs = lastMs - clock.nowUnixMs();
        const { name } = body;
        const made = await people.addToken({ owner, name, validMs, grants, by: person.name });
        if (made.ok) {
          const { id, secret: token, expiresMs } = made.value;
          return { id, token, expiresMs };
        }
        throw made.problem === "unknown"
          ? new ApiError("user-unknown", `there is no user "${owner}"`)
          : new ApiError("name-taken", `"${owner}" has a token "${name}" already`, {
              hint: "take another name, or revoke that one: `wws-fleet token list`",
            });
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/tokens/:id",
      access,
      tag: "people",
      summary: "Revoke an API token",
      description: "Your own; with the role security any. Its event streams end at once.",
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
      answer: { status: 204, description: "revoked", schema: nothingSchema },
      problems: ["token-unknown"],
      async handle({ params, person, sight }) {
        const owner = sight.may("people", null) ? undefined : (person?.name ?? "");
        const token = (await people.tokens(owner)).find(({ id }) => id === params.id);
        if (token === undefined || !(await people.revokeToken(token.id, person?.name ?? "unknown")))
          throw new ApiError("token-unknown", `there is no API token "${params.id}"`, {
            hint: "`wws-fleet token list` shows those there are",
          });
        return null;
      },
    }),
  ];

  async function grantsOfService(
    owner: string,
    wanted: readonly Grant[] | null,
    sight: Sight,
  ): Promise<readonly Grant[] | null> {
    if (!sight.may("people", null))
      throw new ApiError("role-missing", `a token of "${owner}" is made by "${owner}" alone`, {
        hint: "leave the owner out; tokens of services are made by somebody with the role security",
      });
    const user = await people.user(owner);
    if (user === undefined) throw new ApiError("user-unknown", `there is no user "${owner}"`);
    if (user.kind !== "service")
      throw new ApiError("invalid-request", `body "owner": "${owner}" is a person`, {
        hint: `nobody makes a token in another's name: "${owner}" makes it, or sign-in by link`,
      });
    if (wanted !== null) requireNoWider(wanted, user.grants, `"${owner}"`);
    return wanted;
  }
}

/** null: all that the owner may; never where who asks is a token that may less than its owner. */
function ownGrants(person: Person, wanted: readonly Grant[] | null): readonly Grant[] | null {
  if (wanted !== null) requireNoWider(wanted, person.grants, "you");
  if (person.token === null) return wanted;
  return wanted === null ? person.grants : bothGrants(wanted, person.grants);
}

function requireNoWider(wanted: readonly Grant[], held: readonly Grant[], whose: string): void {
  const over = wanted.find((grant) => !isNoWider([grant], held));
  if (over === undefined) return;
  throw new ApiError(
    "role-missing",
    `the token would be ${over.role} for ${over.scope}: more than ${whose} may`,
    { hint: "ask for less, or have the role granted first: `wws-fleet user grant`" },
  );
}
