import type { FastifyReply, FastifyRequest } from "fastify";
import { type Static, type TObject, type TSchema, Type } from "typebox";
import type { Person } from "#fleet/identity/people.ts";
import type { Capability } from "#fleet/identity/roles.ts";
import type { AuditWhat } from "./audit-notes.ts";
import type { ProblemCode } from "./problems.ts";
import type { ScopeSource } from "./scope-source.ts";
import type { Sight } from "./sight.ts";

/**
 * Who may use a route. It is a required part of every definition, so a route without it does not
 * compile. `may` is what a person's roles must let them do, and `of` says where: whose site and tags
 * their grants must cover. `self` is everybody who is signed in,
 * for what is their own.
 */
export type Access =
  | { readonly who: "anyone"; readonly because: string }
  /** `api-token`: a browser session is not enough. */
  | {
      readonly who: "person" | "api-token";
      readonly may: Capability;
      readonly of: ScopeSource;
    }
  | { readonly who: "person" | "api-token"; readonly may: "self" };

export interface RouteDefinition<
  Params extends TObject,
  Query extends TObject,
  Body extends TSchema,
  Answer extends TSchema,
> {
  readonly method: "GET" | "POST" | "DELETE";
  /** From the root, parameters as `:id`. */
  readonly path: string;
  readonly access: Access;
  readonly tag: RouteTag;
  readonly summary: string;
  readonly description: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Where the body is a text of these types and not JSON of at most 1 MiB. */
  readonly takes?: TakenText;
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    readonly schema: Answer;
    /** application/json where not said. */
    readonly contentType?: string;
    /** Where 503 comes with the same shape: what it means. */
    readonly notYet?: string;
    /** Address of what was made or started, for `Location`. */
    readonly location?: (answer: Static<Answer>) => string;
  };
  /** Refusals beyond those that every route of its kind has. */
  readonly problems: readonly ProblemCode[];
  handle(
    ask: Ask<Static<Params>, Static<Query>, Static<Body>>,
  ): Promise<Static<Answer>> | Static<Answer>;
}

/** A body that its handler reads as it came. */
export interface TakenText {
  readonly contentTypes: readonly string[];
  readonly bytesMax: number;
}

export const routeTags = {
  hosts: "Hosts, what they are and what they measure",
  plans: "What is to be done to many hosts, shown before it is done",
  operations: "What is being done to a host",
  holds: "What must not be done to a host",
  alerts: "What is wrong, and who is told",
  tenancy: "Whose work runs where",
  places: "Regions, sites and racks",
  reports: "Supply, power and failures, as tables",
  events: "What changes, as it changes",
  enrolment: "How a machine becomes a host",
  session: "Signing in and out",
  people: "Who may do what",
  store: "The manager's own data",
  audit: "Who did what",
  manager: "The manager itself",
} as const;
export type RouteTag = keyof typeof routeTags;

/** One request after its shape and its sender were checked. */
export interface Ask<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** null only on routes that anyone may use. */
  readonly person: Person | null;
  /** What they may see and do; nothing on routes that anyone may use. */
  readonly sight: Sight;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Says what was done, for the audit: written when the handler has ended well. */
  readonly note: (what: AuditWhat) => void;
  /** Aborted when the asker goes away. */
  readonly signal: AbortSignal;
}

/** A route whose types have been used up: what `registerRoute` takes. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly access: Access;
  readonly tag: RouteTag;
  readonly summary: string;
  readonly description: string;
  readonly params: TObject;
  readonly query: TObject;
  readonly body: TSchema | null;
  readonly takes: TakenText | null;
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    readonly schema: TSchema;
    readonly contentType: string;
    readonly notYet?: string;
    readonly location?: (answer: unknown) => string;
  };
  readonly problems: readonly ProblemCode[];
  handle(ask: Ask<unknown, unknown, unknown>): Promise<unknown> | unknown;
}

const nothing = Type.Object({}, { additionalProperties: false });

/**
 * Ties a handler's types to its schemas. The casts in it are sound because `registerRoute` has the
 * server check params, query and body with these very schemas before the handler runs.
 */
export function defineRoute<
  Answer extends TSchema,
  Params extends TObject = typeof nothing,
  Query extends TObject = typeof nothing,
  Body extends TSchema = TSchema,
>(definition: RouteDefinition<Params, Query, Body, Answer>): Route {
  const { location, ...answer } = definition.answer;
  return {
    method: definition.method,
    path: definition.path,
    access: definition.access,
    tag: definition.tag,
    summary: definition.summary,
    description: definition.description,
    params: definition.params ?? nothing,
    query: definition.query ?? nothing,
    body: definition.body ?? null,
    takes: definition.takes ?? null,
    answer: {
      contentType: "application/json",
      ...answer,
      ...(location === undefined
        ? {}
        : { location: (made: unknown) => location(made as Static<Answer>) }),
    },
    problems: definition.problems,
    handle: (ask) =>
      definition.handle({
        ...ask,
        params: ask.params as Static<Params>,
        query: ask.query as Static<Query>,
        body: ask.body as Static<Body>,
      }),
  };
}
