import type { RedfishAnswer, RedfishRequest } from "#fleet/bmc/redfish/redfish-transport.ts";
import { act } from "./redfish-actions.ts";
import { createInside, type RedfishInside, type RedfishWorld, root } from "./redfish-inside.ts";
import { bodyOf, empty, type Reply, refuse, replied } from "./redfish-reply.ts";
import { plain, tagOf } from "./redfish-tags.ts";
import { redfishTree } from "./redfish-tree.ts";

/**
 * A service without sockets: one request in, one answer out. It rejects where the connection breaks
 * without an answer; one that never settles is silence.
 *
 * What a controller gets wrong is put around it, one wrapper for each lie, and every wrapper sees the
 * request before and the answer after:
 *
 *     const handler = noDisk(createRedfishService(world).handle);
 *     const noDisk = (next: RedfishHandler): RedfishHandler => async (request) => {
 *       if (request.method === "PATCH") return { ...(await next(request)), status: 500 }; // done, yet 500
 *       return next(request);                                                            // honest
 *     };
 *
 * A wrapper may leave `next` out (nothing is done), wait by its clock before or after it (an effect
 * after the timeout), send `next` another request, or return another answer. `inside` is what the
 * controller remembers: sessions, tasks, media, log; `machine` the server behind it.
 */
export type RedfishHandler = (request: RedfishRequest) => Promise<RedfishAnswer>;

export interface RedfishService {
  readonly handle: RedfishHandler;
  readonly inside: RedfishInside;
}

export function createRedfishService(world: RedfishWorld): RedfishService {
  const inside = createInside(world);
  return {
    inside,
    handle: (request) =>
      Promise.resolve()
        .then(() => answer(world, inside, request))
        .then((reply) => toAnswer(request, reply)),
  };
}

function answer(world: RedfishWorld, inside: RedfishInside, request: RedfishRequest): Reply {
  const leftMs = inside.awayUntilMs - world.clock.nowMonotonicMs();
  if (leftMs > 0)
    return refuse(503, "Base.1.13.ServiceTemporarilyUnavailable", "it starts", {
      "retry-after": String(Math.ceil(leftMs / 1_000)),
    });
  const path = plain(request.path);
  const isOpen = path === "/redfish" || path === root;
  const isLogin = request.method === "POST" && path === `${root}/SessionService/Sessions`;
  if (!isOpen && !isLogin && !isKnown(world, inside, request))
    return refuse(401, "Base.1.13.NoValidSession", "authentication needed", {
      "www-authenticate": 'Basic realm="bmc"',
    });
  if (request.method === "GET" || request.method === "HEAD") return read(world, inside, request);
  const body = bodyOf(request);
  if (body === null) return refuse(400, "Base.1.13.MalformedJSON", "the body is no JSON object");
  return act(world, inside, { request, path, body });
}

function read(world: RedfishWorld, inside: RedfishInside, request: RedfishRequest): Reply {
  const [path = "", query = ""] = request.path.split("?", 2);
  const monitor = /\/TaskService\/TaskMonitors\/(\d+)$/.exec(path)?.[1];
  if (monitor !== undefined) {
    const task = inside.tasks.get(`${root}/TaskService/Tasks/${monitor}`);
    if (task === undefined) return notFound(path);
    const isDone = world.clock.nowMonotonicMs() >= task.doneMs;
    return isDone ? empty(204) : { ...empty(202), headers: { location: path } };
  }
  const tree = redfishTree(world, inside);
  const found = tree[plain(path)];
  if (found === undefined) return notFound(path);
  return replied(200, page(plain(path), query, tree), etagOf(world, found));
}

const pageMax = 50;

/** Logs come with their entries inside, long ones in pages, as `Members@odata.nextLink` says. */
function page(path: string, query: string, tree: Readonly<Record<string, unknown>>): unknown {
  const body = tree[path];
  const members =
    typeof body === "object" && body !== null && "Members" in body ? body.Members : null;
  if (!Array.isArray(members) || !path.endsWith("/Entries")) return body;
  const skip = Number(/(?:^|&)\$skip=(\d+)/.exec(query)?.[1] ?? 0);
  const rest = members.length - skip - pageMax;
  return {
    ...(body as object),
    Members: members
      .slice(skip, skip + pageMax)
      .map((one: Readonly<Record<string, string>>) => tree[one["@odata.id"] ?? ""]),
    ...(rest > 0 ? { "Members@odata.nextLink": `${path}?$skip=${skip + pageMax}` } : {}),
  };
}

function etagOf(world: RedfishWorld, body: unknown): Readonly<Record<string, string>> {
  const etag = tagOf(world, body);
  return etag === null ? {} : { etag };
}

function isKnown(
  { state }: RedfishWorld,
  { sessions }: RedfishInside,
  { headers }: RedfishRequest,
): boolean {
  const token = headers["x-auth-token"];
  if (token !== undefined) return sessions.has(token);
  const [, encoded] = /^Basic (.+)$/.exec(headers["authorization"] ?? "") ?? [];
  if (encoded === undefined) return false;
  const [user = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return state.users[user] === rest.join(":");
}

function toAnswer(request: RedfishRequest, { status, headers, body }: Reply): RedfishAnswer {
  const isBare = request.method === "HEAD" || body === undefined;
  return {
    status,
    headers: { "content-type": "application/json", "odata-version": "4.0", ...headers },
    text: isBare ? "" : JSON.stringify(body),
    isCut: false,
  };
}

function notFound(path: string): Reply {
  return refuse(404, "Base.1.13.ResourceMissingAtURI", `${path} was not found`);
}
