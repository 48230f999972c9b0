import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { isNoWider } from "#fleet/identity/grants.ts";
import type { People, Person } from "#fleet/identity/people.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { EventHub, NumberedEvent } from "./event-hub.ts";
import { type EventStream, openEventStream } from "./event-stream.ts";
import { type EventSight, wholeSight } from "./event-sight.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { textSchema } from "./route-document.ts";
import { eventTopics } from "./event-topics.ts";
import type { Placed, Sight } from "./sight.ts";

/** 200 consoles and room to spare. */
export const streamsMax = 500;
/**
 * Whether each watcher may still watch is asked this often: what another manager on the same store has
 * revoked, this one is not told of. What it revokes itself ends at once.
 */
export const recheckMs = 5_000;

interface HostFinder {
  resolve(idOrName: string): Promise<(Placed & { readonly id: string }) | undefined>;
}

/** Whose stream it is. */
interface Watcher {
  readonly cookie: string | undefined;
  readonly person: Person | null;
  /** Of their session or token; null where nobody asked for one. */
  readonly secret: string | null;
}

export interface Streams {
  readonly routes: readonly Route[];
  count(): number;
  /** Ends the streams of a session that signed out. */
  endOf(sessionSecret: string): void;
  /** Ends the streams of somebody who may see less than when they opened them, or of a token. */
  endRevoked(who: { readonly name: string } | { readonly credential: string }): void;
  endAll(reason: string): void;
}

export function createEventRoutes(parts: {
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly people: Pick<People, "lookAgain">;
  /** Which host a name means. */
  readonly inventory: HostFinder;
  readonly cookieName: string;
  /** What watchers with few rights are told of; where not said, nothing. */
  readonly sight?: EventSight;
}): Streams {
  const open = new Map<EventStream, Watcher>();
  const eventSight = parts.sight ?? wholeSight;
  let cancelRecheck: CancelTimer | null = null;

  const recheckLater = (): void => {
    if (cancelRecheck !== null || open.size === 0) return;
    cancelRecheck = parts.clock.after(recheckMs, () => {
      void recheck().finally(() => {
        cancelRecheck = null;
        recheckLater();
      });
    });
  };
  /** Each credential once, however many streams it has; one after the other. */
  const recheck = async (): Promise<void> => {
    const now = new Map<string, Promise<boolean>>();
    for (const [stream, { person, secret }] of [...open]) {
      if (person === null || secret === null) continue;
      const known = now.get(person.credential) ?? isStill(person, secret);
      now.set(person.credential, known);
      if (!(await known)) stream.end("its watcher may watch no more");
    }
  };
  const isStill = async (person: Person, secret: string): Promise<boolean> => {
    try {
      const found = await parts.people.lookAgain(secret, person.via);
      return found !== undefined && isNoWider(person.grants, found.grants);
    } catch {
      // A store that cannot be asked says nothing against anybody; it is asked again.
      return true;
    }
  };

  const route = defineRoute({
    method: "GET",
    path: "/api/v1/events",
    access: { who: "person", may: "read", of: "listed" },
    tag: "events",
    summary: "Watch the fleet",
    description:
      "Server-Sent Events. `event` is the kind, `data` a small JSON object that says what changed; " +
      "fetch the rest. First comes `hello`. With `Last-Event-ID` what was missed comes first, or " +
      "`reset` when that is more than is kept: then fetch everything again. One kind of event about " +
      "one host comes at most twice a second. A comment comes every 15 s. A watcher that does not " +
      "keep up gets only the newest of each, and after 30 s its stream ends.",
    query: Type.Object(
      {
        host: Type.Optional(
          Type.String({
            maxLength: 4_096,
            description: "only these hosts: names or ids, with commas between",
          }),
        ),
        topics: Type.Optional(
          Type.String({
            maxLength: 256,
            description: `only these kinds, with commas between: ${eventTopics.join(", ")}`,
          }),
        ),
      },
      { additionalProperties: false },
    ),
    answer: {
      status: 200,
      description: "the stream; it stays open",
      schema: textSchema,
      contentType: "text/event-stream",
    },
    problems: ["host-unknown", "streams-full"],
    async handle({ query, request, reply, person, sight }) {
      const isAsked = await readFilter(query, parts.inventory, sight);
      if (open.size >= streamsMax) {
        throw new ApiError("streams-full", `${streamsMax} streams are open already`);
      }
      const lastEventId = request.headers["last-event-id"];
      const sink = takeSocket(reply);
      const stream = openEventStream(sink, {
        hub: parts.hub,
        clock: parts.clock,
        isWanted: (event) => isAsked(event) && eventSight.isSeen(event.event, sight),
        lastEventId: typeof lastEventId === "string" ? lastEventId.slice(0, 64) : null,
        untilMs: person?.expiresMs ?? 0,
        onEnd: () => open.delete(stream),
      });
      const cookie = request.cookies[parts.cookieName];
      const bearer = request.headers.authorization?.replace(/^Bearer /i, "");
      const secret = (person?.via === "session" ? cookie : bearer) ?? null;
      open.set(stream, { cookie, person, secret });
      recheckLater();
      reply.raw.once("close", () => stream.end("the watcher went away"));
      return "";
    },
  });

  return {
    routes: [route],
    count: () => open.size,
    endOf(sessionSecret) {
      for (const [stream, { cookie }] of [...open])
        if (cookie === sessionSecret) stream.end("signed out");
    },
    endRevoked(who) {
      for (const [stream, { person }] of [...open])
        if ("name" in who ? who.name === person?.name : who.credential === person?.credential)
          stream.end("what its watcher may see has changed");
    },
    endAll(reason) {
      for (const stream of [...open.keys()]) stream.end(reason);
      cancelRecheck?.();
    },
  };
}

async function readFilter(
  query: { readonly host?: string; readonly topics?: string },
  inventory: HostFinder,
  sight: Sight,
): Promise<(event: NumberedEvent) => boolean> {
  const topics = query.topics === undefined ? null : new Set(query.topics.split(","));
  for (const topic of topics ?? []) {
    if (!(eventTopics as readonly string[]).includes(topic)) {
      throw new ApiError("invalid-request", `query "topics": "${topic.slice(0, 40)}" is no topic`, {
        hint: `use ${eventTopics.join(", ")}`,
      });
    }
  }
  const hosts = query.host === undefined ? null : new Set<string>();
  for (const name of query.host?.split(",") ?? []) {
    const record = await inventory.resolve(name);
    if (record === undefined || !sight.sees(record)) {
      throw new ApiError("host-unknown", `there is no host "${name.slice(0, 80)}"`);
    }
    hosts?.add(record.id);
  }
  return ({ event }) => {
    if (topics !== null && !topics.has(event.kind)) return false;
    if (hosts === null) return true;
    return "hostId" in event && hosts.has(event.hostId);
  };
}

/** From here on the reply is ours; the headers that the plugins set go along. */
function takeSocket(reply: FastifyReply) {
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  raw.socket?.setNoDelay(true);
  raw.socket?.setTimeout(0);
  return {
    write: (text: string) => raw.write(text),
    onDrain: (listener: () => void) => {
      raw.on("drain", listener);
    },
    end: () => {
      // A watcher that takes nothing would hold an orderly end for ever.
      if (raw.writableNeedDrain) raw.destroy();
      else raw.end();
    },
  };
}
