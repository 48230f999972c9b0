import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Audit } from "#fleet/audit/audit.ts";
import type { Person } from "#fleet/identity/people.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { type AuditWhat, noteDenied, noteDone } from "./audit-notes.ts";
import type { Doorkeeper } from "./authentication.ts";
import type { Authority } from "./authority.ts";
import type { Limits } from "./limits.ts";
import { ApiError } from "./problems.ts";
import type { AnswerMemory } from "./repeated-requests.ts";
import type { Route } from "./route.ts";
import { documentRoute } from "./route-document.ts";
import type { Sight } from "./sight.ts";

export interface RouteSupport {
  readonly doorkeeper: Doorkeeper;
  readonly authority: Authority;
  readonly answers: AnswerMemory;
  readonly limits: Limits;
  readonly audit: Pick<Audit, "append">;
  readonly log: Log;
}

/** Puts routes on the server; one that takes texts has parsers of its own, which no other route sees. */
export function registerRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  support: RouteSupport,
): void {
  for (const route of routes) {
    const { takes } = route;
    if (takes === null) {
      registerRoute(app, route, support);
      continue;
    }
    const own: FastifyPluginAsync = async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        [...takes.contentTypes],
        { parseAs: "string", bodyLimit: takes.bytesMax },
        (_request, body, done) => done(null, body),
      );
      registerRoute(scope, route, support);
    };
    app.register(own);
  }
}

/**
 * Puts a route on the server: first who asks, then the shape of what is asked, then whether they may,
 * then the handler. A remembered answer comes after all of them.
 */
function registerRoute(app: FastifyInstance, route: Route, support: RouteSupport): void {
  const people = new WeakMap<FastifyRequest, Person>();
  app.route({
    method: route.method,
    url: route.path,
    schema: documentRoute(route),
    ...(route.takes === null ? {} : { bodyLimit: route.takes.bytesMax }),
    async onRequest(request) {
      const person = await admitOrCount(request, route, support);
      if (person !== null) people.set(request, person);
    },
    async handler(request, reply) {
      const person = people.get(request) ?? null;
      const sight = await permit(route, { request, person }, support);
      const run = () => answer(route, { request, reply, person, sight }, support);
      const key = request.headers["idempotency-key"];
      if (route.method !== "POST" || typeof key !== "string")
        return send(route, reply, await run());
      const asked = createHash("sha256")
        .update(JSON.stringify(request.body ?? null))
        .digest("hex");
      const who = `${person?.credential ?? ""} ${request.method} ${request.url}`;
      return send(route, reply, await support.answers.once({ key, who, asked }, run));
    },
  });
}

async function admitOrCount(
  request: FastifyRequest,
  route: Route,
  support: RouteSupport,
): Promise<Person | null> {
  try {
    return await support.doorkeeper.admit(request, route.access);
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === "not-signed-in") {
      await support.limits.stranger(request);
    }
    await noteDenied(support, { request, route, person: null, cause });
    throw cause;
  }
}

/** Whether they may, decided here for every route. Throws ApiError; a denial is in the audit then. */
async function permit(
  route: Route,
  from: { readonly request: FastifyRequest; readonly person: Person | null },
  support: RouteSupport,
): Promise<Sight> {
  const { request, person } = from;
  const sight = support.authority.sightOf(person);
  try {
    const { params, body } = request;
    await support.authority.check(route, { person, sight, params, body });
    return sight;
  } catch (cause) {
    await noteDenied(support, { ...from, route, cause });
    throw cause;
  }
}

async function answer(
  route: Route,
  from: {
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
    readonly person: Person | null;
    readonly sight: Sight;
  },
  support: RouteSupport,
): Promise<unknown> {
  const done: AuditWhat[] = [];
  const left = new AbortController();
  const onClose = (): void => {
    if (!from.reply.raw.writableFinished) left.abort();
  };
  from.reply.raw.once("close", onClose);
  try {
    const value = await route.handle({
      ...from,
      params: from.request.params,
      query: from.request.query,
      body: from.request.body,
      signal: left.signal,
      note: (what) => void done.push(what),
    });
    for (const what of done) await noteDone(support.audit, from.person, what);
    return value;
  } catch (cause) {
    await noteDenied(support, { ...from, route, cause });
    throw cause;
  } finally {
    if (!from.reply.sent) from.reply.raw.removeListener("close", onClose);
  }
}

/** A handler that took the socket (the event stream) has answered already. */
function send(route: Route, reply: FastifyReply, value: unknown): FastifyReply {
  if (reply.sent) return reply;
  const { status, contentType, location } = route.answer;
  if (location !== undefined) reply.header("location", location(value));
  if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  // A handler may have said otherwise: /readyz answers 503 with the same shape.
  if (reply.statusCode === 200) reply.code(status);
  if (status === 204) return reply.send();
  return reply.type(contentType).send(value);
}
