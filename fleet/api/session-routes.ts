import type { FastifyRequest } from "fastify";
import type { People } from "#fleet/identity/people.ts";
import { plainSubject } from "./audit-notes.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nothingSchema } from "./route-document.ts";
import {
  createLinkSchema,
  linkAnswerSchema,
  sessionSchema,
  signInSchema,
} from "./session-schemas.ts";
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
        because: "this is how one signs in; the link's secret is the proof",
      },
      tag: "session",
      summary: "Sign in",
      description:
        "Exchanges the secret of a sign-in link for a session, 8 hours long, ended by 30 minutes " +
        "without a request. The session is in a cookie that scripts cannot read.",
      body: signInSchema,
      answer: { status: 201, description: "signed in", schema: sessionSchema },
      problems: ["link-unknown", "too-many-requests"],
      async handle({ body, request, reply, note }) {
        await parts.countAttempt(request);
        const signedIn = await people.signIn(body.secret);
        if (!signedIn.ok) {
          throw new ApiError("link-unknown", "this sign-in link does not work, or no longer");
        }
        const { secret, person } = signedIn.value;
        reply.setCookie(cookieName, secret, cookieOptions);
        const { name } = person;
        note({
          action: "session.signin",
          subject: plainSubject("person", name),
          actor: name,
          facts: { address: request.ip },
        });
        return { name: person.name, via: person.via, expiresMs: person.expiresMs };
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
        return { name: person.name, via: person.via, expiresMs: person.expiresMs };
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
      problems: [],
      async handle({ body, person, request, note }) {
        const name = body.name ?? person?.name ?? "operator";
        const link = await people.createSigninLink(name);
        note({ action: "session.link", subject: plainSubject("person", name) });
        const scheme = isEncrypted ? "https" : "http";
        const path = signinPath(link.secret);
        const url = `${scheme}://${request.headers.host ?? ""}${path}`;
        return { secret: link.secret, path, url, expiresMs: link.expiresMs };
      },
    }),
  ];
}
