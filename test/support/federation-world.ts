import { PassThrough, type Readable } from "node:stream";
import Fastify from "fastify";
import type { ApiParts } from "#fleet/api/api.ts";
import { listManagerRoutes } from "#fleet/api/api.ts";
import type { Route } from "#fleet/api/route.ts";
import { type CellDoor, CellError } from "#fleet/federation/cell-door.ts";
import { federateRoutes } from "#fleet/federation/federated-routes.ts";
import { createFederation, type Federation } from "#fleet/federation/federation.ts";
import type { KeptCell, KeptCells } from "#fleet/federation/kept-cell.ts";
import { type OpenCells, openCells } from "#fleet/federation/open-cells.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { type ApiWorld, asToken, createApiWorld } from "./api-world.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** A cell's manager as a federation reaches it, and what a test does to the way there. */
export interface TestCell {
  readonly url: string;
  readonly world: ApiWorld;
  /** Paths that were asked, in order. */
  readonly asked: string[];
  /** `open`: it answers; `down`: nobody listens; `silent`: it takes questions and says nothing. */
  way: "open" | "down" | "silent";
  /** Answers in the manager's place where it gives one. */
  forge: ((path: string) => { readonly status: number; readonly body: string } | null) | null;
  /** What its event stream says next. */
  say(text: string): void;
  /** How often its stream was opened, with which last id. */
  readonly streams: (string | null)[];
}

/** What the answers of several routes have; a test looks at what its route has. */
export interface AnyAnswer {
  readonly items: readonly {
    readonly id: string;
    readonly name: string;
    readonly cell: string;
    readonly why: string | null;
  }[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly conflicts: unknown;
  readonly slots: unknown;
  readonly rows: readonly { readonly cell: string }[];
}

export interface FederationWorld {
  readonly clock: VirtualClock;
  readonly cells: readonly TestCell[];
  readonly federation: Federation;
  readonly open: OpenCells;
  readonly kept: Map<string, KeptCell>;
  readonly events: FleetEvent[];
  readonly routes: readonly Route[];
  /** Answers a GET of the federation: `/hosts?sort=name`; rejects with the refusal. */
  get(
    path: string,
  ): Promise<{ readonly body: AnyAnswer; readonly headers: Record<string, unknown> }>;
  /** Asks for a change; rejects with the refusal. */
  change(method: "POST" | "DELETE", path: string, body?: unknown): Promise<unknown>;
  /** One look at every cell, and all of it read. */
  lookAtAll(): Promise<void>;
  close(): Promise<void>;
}

/** Real managers' APIs in memory behind doors that a test can shut, on the federation's virtual clock. */
export async function createFederationWorld(
  names: readonly string[],
  options: { readonly kept?: Map<string, KeptCell>; readonly worlds?: readonly ApiWorld[] } = {},
): Promise<FederationWorld> {
  const clock = createVirtualClock();
  const kept = options.kept ?? new Map<string, KeptCell>();
  const events: FleetEvent[] = [];
  const bus = createEventBus(silentLog);
  bus.subscribe((event) => events.push(event));
  const cells = await Promise.all(
    names.map(async (name, index) => {
      const world = options.worlds?.[index] ?? (await createApiWorld({ cell: name }));
      return createTestCell(`http://${name}.test:7600`, world);
    }),
  );
  const open = openCells({
    cells: cells.map((cell) => ({ url: cell.url, name: null, door: cell.door })),
    kept: memoryOf(kept),
    events: bus,
    clock,
    random: createSeededRandom(7),
    log: silentLog,
  });
  const federation = createFederation(open.watches, { clock });
  const routes = federateRoutes(describeManagerRoutes(), { federation, clock });
  const answer = async (method: string, path: string, body?: unknown) => {
    const url = new URL(path, "http://federation.test/api/v1/");
    const found = findRoute(routes, method, `/api/v1${url.pathname.replace("/api/v1", "")}`);
    if (found === undefined) throw new Error(`no route ${method} ${path}`);
    const headers: Record<string, unknown> = {};
    const raw = new PassThrough();
    const pieces: Buffer[] = [];
    raw.on("data", (piece: Buffer) => pieces.push(piece));
    const reply = {
      raw,
      header(name: string, value: unknown) {
        headers[name] = value;
        return reply;
      },
      code: () => reply,
      type: (type: string) => reply.header("content-type", type),
      send: (file: Readable) => void file.pipe(raw),
    };
    const request = { headers: {} };
    const query = Object.fromEntries(
      [...url.searchParams].map(([key, value]) => [key, key === "limit" ? Number(value) : value]),
    );
    const ask = { params: found.params, query, body, reply, request } as never;
    const value = await found.route.handle(ask);
    return { body: pieces.length === 0 ? value : Buffer.concat(pieces).toString(), headers };
  };
  return {
    clock,
    cells,
    federation,
    open,
    kept,
    events,
    routes,
    async get(path) {
      const { body, headers } = await answer("GET", `/api/v1${path}`);
      return { body: body as AnyAnswer, headers };
    },
    change: (method, path, body) => answer(method, `/api/v1${path}`, body),
    async lookAtAll() {
      await Promise.all(open.watches.map((watch) => watch.look()));
      for (let turn = 0; turn < 50; turn += 1) await clock.settle();
    },
    async close() {
      await open.stop();
      if (options.worlds === undefined) for (const { world } of cells) await world.close();
    },
  };
}

/** What a manager's routes are; their handlers are never called here. */
export function describeManagerRoutes(): readonly Route[] {
  const settings = { address: "127.0.0.1", port: 0, tls: null, names: [] };
  const parts = { settings } as unknown as ApiParts;
  const joint = { app: Fastify(), limits: {}, streams: { routes: [] }, views: {} };
  return listManagerRoutes(parts, joint as never);
}

function createTestCell(url: string, world: ApiWorld): TestCell & { readonly door: TestDoor } {
  const asked: string[] = [];
  const streams: (string | null)[] = [];
  let wake: () => void = () => {};
  const said: string[] = [];
  const cell: TestCell & { readonly door: TestDoor } = {
    url,
    world,
    asked,
    streams,
    way: "open",
    forge: null,
    say(text) {
      said.push(text);
      wake();
    },
    door: {
      async get(path, { signal }) {
        asked.push(path);
        if (cell.way === "down")
          throw new CellError("unreachable", `${url}: nothing listens there (ECONNREFUSED)`);
        if (cell.way === "silent") await untilAborted(signal);
        const forged = cell.forge?.(path) ?? null;
        if (forged !== null) return forged;
        const answer = await world.api.inject({ url: path, headers: asToken(world.token) });
        return { status: answer.statusCode, body: answer.body };
      },
      async *stream(_path, { lastEventId, signal }) {
        streams.push(lastEventId);
        if (cell.way !== "open")
          throw new CellError("unreachable", `${url}: nothing listens there`);
        while (!signal.aborted) {
          const text = said.shift();
          if (text === "END") return;
          if (text !== undefined) yield text;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
              signal.addEventListener("abort", () => resolve(), { once: true });
            });
        }
      },
      close() {},
    },
  };
  return cell;
}

type TestDoor = CellDoor & { close(): void };

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new CellError("unreachable", "cut off")), {
      once: true,
    });
  });
}

function memoryOf(kept: Map<string, KeptCell>): KeptCells {
  return {
    load: (url) => kept.get(url) ?? null,
    save: (cell) => void kept.set(cell.url, structuredClone(cell)),
  };
}

function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const route of routes) {
    if (route.method !== method) continue;
    const names = [...route.path.matchAll(/:([a-z]+)/gi)].map(([, name = ""]) => name);
    const form = new RegExp(`^${route.path.replaceAll(/:[a-z]+/gi, "([^/]+)")}$`);
    const match = form.exec(path);
    if (match === null) continue;
    const params = Object.fromEntries(
      names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")]),
    );
    return { route, params };
  }
  return undefined;
}
