import type { FastifyRequest } from "fastify";
import { maySomewhere } from "#fleet/identity/grants.ts";
import type { People, Person } from "#fleet/identity/people.ts";
import { capabilityNames } from "#fleet/identity/roles.ts";
import { readUserName } from "#fleet/identity/user-names.ts";
import { plainSubject } from "./audit-notes.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nothingSchema } from "./route-document.ts";
import {
  createLinkSchema,
  linkAnswerSchema,
  type Session,
  sessionSchema,
  signInSchema,
} from "./session-schemas.ts";
import { ownPasswordSchema } from "./people-schemas.ts";
import { requireChanged } from "./user-routes.ts";
import { signinPath } from "./signin-link.ts";

export function createSessionRoutes(parts: {
  readonly people: People;
  readonly cookieName: string;
  readonly isEncrypted: boolean;
  /** Counts attempts to guess a link; throws 429. */
  readonly countAttempt: (request: FastifyRequest) => Promise<void>;
  readonly onSignOut: (sessionSecret: string) => void;
}): readonly Route[] {
  const { people, cookieName, isEncrypted } = parts;
  const cookieOptions = {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: isEncrypted,
  } as const;

  return [
    defineRoute({
      method: "POST",
      path: "/api/v1/session",
      access: {
        who: "anyone",
        because: "this is how one signs in; the link's secret or the password is the proof",
      },
      tag: "session",
      summary: "Sign in",
      description:
        "Exchanges the secret of a sign-in link, or a name and a password, for a session, 8 hours long, " +
        "ended by 30 minutes without a request. The session is in a cookie that scripts cannot read. " +
        "Wrong passwords make whoever guesses wait, a minute at most.",
      body: signInSchema,
      answer: { status: 201, description: "signed in", schema: sessionSchema },
      problems: ["link-unknown", "signin-refused", "too-many-requests"],
      async handle({ body, request, reply, note }) {
        await parts.countAttempt(request);
        const { secret, person } = await enter(body, request.ip);
        reply.setCookie(cookieName, secret, cookieOptions);
        const { name } = person;
        note({
          action: "session.signin",
          subject: plainSubject("person", name),
          actor: name,
          facts: { address: request.ip, by: body.secret === undefined ? "password" : "link" },
        });
        return viewSession(person);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/session",
      access: { who: "person", may: "self" },
      tag: "session",
      summary: "Who am I",
      description: "Who the manager takes you for, and until when.",
      answer: { status: 200, description: "you", schema: sessionSchema },
      problems: [],
      handle({ person }) {
        if (person === null) throw new ApiError("not-signed-in", "nobody is signed in");
        return viewSession(person);
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/session",
      access: { who: "person", may: "self" },
      tag: "session",
      summary: "Sign out",
      description: "Ends the session and its event streams. An API token stays valid.",
      answer: { status: 204, description: "signed out", schema: nothingSchema },
      problems: [],
      async handle({ person, request, reply, note }) {
        const secret = request.cookies[cookieName];
        if (person?.via === "session" && secret !== undefined) {
          await people.signOut(secret);
          parts.onSignOut(secret);
          note({ action: "session.signout", subject: plainSubject("person", person.name) });
        }
        reply.clearCookie(cookieName, cookieOptions);
        return null;
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/session/links",
      access: { who: "api-token", may: "people", of: "cell" },
      tag: "session",
      summary: "Make a sign-in link",
      description:
        "A link that signs a person in once, within 15 minutes. The secret is in the part of the " +
        "address that browsers keep to themselves.",
      body: createLinkSchema,
      answer: { status: 201, description: "the link; shown once", schema: linkAnswerSchema },
      problems: ["user-unknown"],
      async handle({ body, person, request, note }) {
        const name = body.name ?? person?.name ?? "operator";
        await requireSigner(name);
        const link = await people.createSigninLink(name);
        note({ action: "session.link", subject: plainSubject("person", name) });
        const scheme = isEncrypted ? "https" : "http";
        const path = signinPath(link.secret);
        const url = `${scheme}://${request.headers.host ?? ""}${path}`;
        return { secret: link.secret, path, url, expiresMs: link.expiresMs };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/session/password",
      access: { who: "person", may: "self" },
      tag: "session",
      summary: "Set your own password",
      description:
        "With the current one, where there is one. Every session of yours ends: sign in anew.",
      body: ownPasswordSchema,
      answer: { status: 204, description: "set", schema: nothingSchema },
      problems: ["signin-refused", "user-unknown", "revision-moved", "too-many-requests"],
      async handle({ body, person, request }) {
        await parts.countAttempt(request);
        if (person === null || person.kind !== "person" || person.via !== "session")
          throw new ApiError("invalid-request", "a person sets it, signed in to the console", {
            hint: "for somebody else: `wws-fleet user password NAME`",
          });
        const { name } = person;
        const user = await people.user(name);
        if (user?.hasPassword === true) {
          const checked = await people.checkPassword(name, body.current ?? "", request.ip);
          if (!checked.ok && checked.problem.kind === "wait")
            throw mustWait(checked.problem.waitMs);
          if (!checked.ok) throw new ApiError("signin-refused", "the current password is another");
        }
        const by = { name, reason: "their own" };
        requireChanged(await people.setPassword(name, body.password, by), name);
        return null;
      },
    }),
  ];

  async function enter(
    body: { readonly secret?: string; readonly name?: string; readonly password?: string },
    address: string,
  ): Promise<{ readonly secret: string; readonly person: Person }> {
    if (body.secret !== undefined) {
      const byLink = await people.signIn(body.secret);
      if (byLink.ok) return byLink.value;
      throw new ApiError("link-unknown", "this sign-in link does not work, or no longer");
    }
    if (body.name === undefined || body.password === undefined)
      throw new ApiError("invalid-request", 'body: "secret" of a link, or "name" and "password"');
    const byPassword = await people.signInByPassword(body.name, body.password, address);
    if (byPassword.ok) return byPassword.value;
    if (byPassword.problem.kind === "wait") throw mustWait(byPassword.problem.waitMs);
    const shown = readUserName(body.name).ok ? `"${body.name}"` : "the name";
    throw new ApiError("signin-refused", `${shown} and this password open no session`);
  }

  /** A link for nobody would open nothing; in profile `lab` it makes somebody. */
  async function requireSigner(name: string): Promise<void> {
    const user = await people.user(name);
    if (user === undefined && people.welcomesNewcomers) return;
    if (user === undefined)
      throw new ApiError("user-unknown", `there is no user "${name}"`, {
        hint: `add them first: \`wws-fleet user add ${readUserName(name).ok ? name : "NAME"}\``,
      });
    if (user.isDisabled || user.kind === "service")
      throw new ApiError(
        "invalid-request",
        `"${name}" is ${user.isDisabled ? "disabled" : "a service"}`,
      );
  }
}

function mustWait(waitMs: number): ApiError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new ApiError("too-many-requests", `wrong too often: wait ${seconds} seconds`, {
    retryAfterSeconds: seconds,
  });
}

function viewSession({ name, via, expiresMs, kind, grants }: Person): Session {
  const may = capabilityNames.filter((capability) => maySomewhere(grants, capability));
  return { name, via, expiresMs, kind, grants, may };
}
