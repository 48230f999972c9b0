import type { ApiParts } from "#fleet/api/api.ts";
import { ApiError } from "#fleet/api/problems.ts";
import type { Route } from "#fleet/api/route.ts";
import type { ScopeSource } from "#fleet/api/scope-source.ts";
import type { Grant } from "#fleet/identity/grants.ts";
import type { DomainEvent } from "#fleet/lifecycle/domain-events.ts";
import type { AlertId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type ApiWorld, asToken, createApiWorld, uuid } from "./api-world.ts";
import { hostIdOf, positionOf } from "./inventory-builders.ts";
import { operationRecord, planRecord } from "./life-builders.ts";

/** Where a thing is: `fra2` is in the scope of the people who have one, `nrt1` is not. */
export const sitesOf = { in: "fra2", out: "nrt1" } as const;
export type Where = keyof typeof sitesOf;
const numberAt = { in: 1, out: 2 } as const;
const positionAt = {
  in: "eu/fra2/row-b/rack-07/u12",
  out: "ea/nrt1/row-a/rack-01/u3",
} as const;
const freeAt = { in: "eu/fra2/row-b/rack-07/u20", out: "ea/nrt1/row-a/rack-01/u20" } as const;

/** The API over one host at each of two sites, with a plan, an operation, a hold, a lease and an alert each. */
export interface RoleWorld extends ApiWorld {
  readonly routes: readonly Route[];
  /** How often a handler ran; a handler that stands in refuses with `not-now`. */
  reached(): number;
  /** Somebody with these grants; the secret of a token of theirs. */
  someone(name: string, grants: readonly Grant[]): Promise<string>;
  /** A cookie of a session of theirs. */
  sessionOf(name: string): Promise<string>;
  /** A well-formed request to a route about the thing there. */
  ask(
    route: Route,
    where: Where,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly code: string; readonly body: string }>;
}

/** `standsIn`: no handler runs, so that a thousand requests change nothing. */
export async function createRoleWorld(standsIn: boolean): Promise<RoleWorld> {
  const routes: Route[] = [];
  let reached = 0;
  const alerts = [alertAt("in"), alertAt("out")];
  const domains: ApiParts["domains"] = {
    open: () => alerts,
    acknowledge: async (id) => {
      const event = alerts.find((alert) => alert.id === id);
      return event === undefined
        ? { ok: false, problem: { kind: "unknown", what: "alert" } }
        : { ok: true, value: event };
    },
  };
  const world = await createApiWorld({
    domains: domains as ApiParts["domains"],
    eachRoute(route) {
      routes.push(route);
      return {
        ...route,
        handle(ask) {
          reached += 1;
          if (standsIn) throw new ApiError("not-now", "reached");
          return route.handle(ask);
        },
      };
    },
  });
  const asker = { name: "tester", kind: "person", reason: "to be seen" } as const;
  const tenant = await world.parts.tenancy.addTenant({ name: "acme", webhook: null, by: "tester" });
  if (!tenant.ok) throw new Error("no tenant");
  const ids = new Map<string, string>();
  for (const where of ["in", "out"] as const) {
    const number = numberAt[where];
    const hostId = await world.addHost(number, { position: positionOf(positionAt[where]) });
    world.life.putOperation(operationRecord(number, { hostId, status: "paused" }));
    const host = await world.parts.inventory.host(hostId);
    if (host === undefined) throw new Error("the host is gone");
    const { id: planId } = planRecord(number);
    const planned = await world.parts.plans.plan({
      action: { kind: "return" },
      selector: host.name,
      hostIds: [hostId],
      asker,
    });
    if (!planned.ok) throw new Error("no plan");
    ids.set(`plan ${where}`, planned.value.id ?? planId);
    const held = await world.parts.lifecycle.addHold(
      { hostId, kind: "protect", expiresMs: null, reviewMs: null, forWhom: null },
      asker,
    );
    if (!held.ok) throw new Error("no hold");
    ids.set(`hold ${where}`, held.value.id);
    const leased = await world.parts.tenancy.claim({
      tenantId: tenant.value.id,
      hostId,
      share: "shared",
      trust: "operated",
      notice: "day",
      evacuation: "stop-at-deadline",
      workloads: [],
      by: "tester",
    });
    if (!leased.ok) throw new Error("no lease");
    ids.set(`lease ${where}`, leased.value.id);
    ids.set(`operation ${where}`, operationRecord(number).id);
    ids.set(`alert ${where}`, alertAt(where).id);
  }
  // The server makes its routes when it is first asked.
  await world.api.inject({ url: "/healthz" });

  const someone: RoleWorld["someone"] = async (name, grants) => {
    const { people } = world.parts;
    const by = { name: "tester", reason: "for a test" };
    const added = await people.addUser({ name, displayName: name, kind: "person", grants }, by);
    if (!added.ok) throw new Error(JSON.stringify(added.problem));
    const validMs = 3_600_000;
    const token = await people.addToken({
      owner: name,
      name: "t",
      validMs,
      grants: null,
      by: name,
    });
    if (!token.ok) throw new Error(token.problem);
    return token.value.secret;
  };

  return {
    ...world,
    routes,
    reached: () => reached,
    someone,
    async sessionOf(name) {
      const { secret } = await world.parts.people.createSigninLink(name);
      const session = await world.parts.people.signIn(secret);
      if (!session.ok) throw new Error("the link is unknown");
      return `wws_session=${session.value.secret}`;
    },
    async ask(route, where, headers) {
      const of = "of" in route.access ? route.access.of : "cell";
      const idOf: Readonly<Partial<Record<ScopeSource, string>>> = {
        plan: ids.get(`plan ${where}`) ?? "",
        operation: ids.get(`operation ${where}`) ?? "",
        hold: ids.get(`hold ${where}`) ?? "",
        lease: ids.get(`lease ${where}`) ?? "",
        alert: ids.get(`alert ${where}`) ?? "",
      };
      const host = `host-${numberAt[where]}`;
      const path = route.path.replaceAll(/:([a-z]+)/gi, (_all, name: string) =>
        name === "id" ? (idOf[of] ?? (of.startsWith("host") ? host : "some-id")) : "someone",
      );
      const named = { host, selector: host, position: freeAt[where] };
      const query = new URLSearchParams(
        Object.entries(exampleOf(route.query, named) as Record<string, unknown>).map(
          ([key, value]) => [key, String(value)],
        ),
      ).toString();
      const body =
        route.body === null
          ? {}
          : route.takes === null
            ? { payload: JSON.stringify(exampleOf(route.body, named)) }
            : { payload: "name\n" };
      const answer = await world.api.inject({
        method: route.method,
        url: query === "" ? path : `${path}?${query}`,
        headers: {
          host: "127.0.0.1:7600",
          ...(route.body === null
            ? {}
            : { "content-type": route.takes?.contentTypes[0] ?? "application/json" }),
          ...headers,
        },
        ...body,
      });
      const isProblem = String(answer.headers["content-type"]).startsWith("application/problem");
      const code = isProblem ? String(answer.json().code) : "";
      return { status: answer.statusCode, code, body: answer.body };
    },
  };
}

export { asToken };

function alertAt(where: Where): DomainEvent {
  const id = uuid<AlertId>(`0193a000-0000-7000-8000-00000000000${numberAt[where]}`);
  const times = { sinceMs: unixMs(1), raisedMs: unixMs(2) };
  const scope = { kind: "site", name: sitesOf[where] } as const;
  return { id, scope, lost: [hostIdOf(numberAt[where])], of: 1, ...times };
}

interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly minItems?: number;
}

/** Something small of a shape; what is called `host`, `selector` or `position` is the thing there. */
function exampleOf(schema: object, named: Readonly<Record<string, string>>, name = ""): unknown {
  const shape = schema as Shape;
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  if (shape.anyOf !== undefined) return exampleOf(shape.anyOf[0] ?? {}, named, name);
  switch (shape.type) {
    case "object": {
      const properties = shape.properties ?? {};
      const wanted = Object.keys(properties).filter(
        (key) => shape.required?.includes(key) || (key === "position" && named["position"]),
      );
      return Object.fromEntries(
        wanted.map((key) => [key, exampleOf(properties[key] ?? {}, named, key)]),
      );
    }
    case "array":
      return (shape.minItems ?? 0) > 0 ? [exampleOf(shape.items ?? {}, named, name)] : [];
    case "integer":
    case "number":
      return shape.minimum ?? 1;
    case "boolean":
      return true;
    default:
      return named[name] ?? texts[name] ?? (shape.pattern === undefined ? "something" : "a");
  }
}

const texts: Readonly<Record<string, string>> = {
  hash: "a".repeat(64),
  metric: "system.cpu.utilization",
  role: "viewer",
  scope: "all",
};
