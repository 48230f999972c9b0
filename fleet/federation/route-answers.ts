import type { TSchema } from "typebox";
import type { CellList, StaleCell } from "#fleet/api/cell-schemas.ts";
import { drawElevation, type ElevationValue } from "#fleet/api/elevation.ts";
import { hostSchema } from "#fleet/api/host-schemas.ts";
import {
  rackDetailSchema,
  rackListSchema,
  regionListSchema,
  siteListSchema,
} from "#fleet/api/place-schemas.ts";
import { ApiError } from "#fleet/api/problems.ts";
import { reportScheduleListSchema } from "#fleet/api/report-schemas.ts";
import { sendReport } from "#fleet/api/send-report.ts";
import type { Ask, Route } from "#fleet/api/route.ts";
import { reportFormats } from "#fleet/reports/report.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Federation } from "./federation.ts";
import { askOwner } from "./find-owner.ts";
import { type HostListAsk, mergeHosts } from "./merge-hosts.ts";
import {
  chainLists,
  joinLists,
  type ListRoute,
  mergeByIds,
  type MergedList,
} from "./merge-lists.ts";
import { keptRack, mergeRegions, sortRacks, sortSites } from "./merge-places.ts";
import { mergeReports } from "./merge-reports.ts";
import { writeQuery } from "./relay.ts";
import { selectCells } from "./select-cells.ts";

export type AnyAsk = Ask<unknown, unknown, unknown>;
export interface Answered {
  readonly value: unknown;
  readonly stale: readonly StaleCell[];
  /** Where the answer is a file: sends it, when the headers are set. */
  readonly send?: () => Promise<void>;
}
export type Answerer = (ask: AnyAsk, route: Route) => Promise<Answered>;

/** How each route that has a row of its own is answered over the cells. */
export function createAnswerers(parts: {
  readonly federation: Federation;
  readonly clock: Clock;
}): ReadonlyMap<string, Answerer> {
  const { federation, clock } = parts;
  const { cells } = federation;
  const rackOf = async (ask: AnyAsk) => {
    const id = readText(ask.params, "id") ?? "";
    const owners = cells.filter((cell) => cell.kept()?.racks.some((rack) => rack.id === id));
    return askOwner(federation, {
      what: `rack "${id}"`,
      path: `/api/v1/racks/${encodeURIComponent(id)}`,
      schema: rackDetailSchema,
      owners,
      fromKept: (cell) => {
        const kept = cell.kept();
        return kept === null ? null : (keptRack(kept, id) ?? null);
      },
    });
  };
  return new Map<string, Answerer>([
    [
      "/api/v1/cells",
      async () => ({
        value: {
          items: federation.view(),
          isFederation: true,
          nowMs: clock.nowUnixMs(),
          conflicts: federation.conflicts(),
          nextCursor: null,
        } satisfies CellList,
        stale: federation.stale(),
      }),
    ],
    [
      "/api/v1/regions",
      async () => {
        const { heard, stale } = await federation.gather(
          cells,
          (cell) => cell.ask("/api/v1/regions", regionListSchema),
          (kept) => kept.regions,
        );
        const lists = heard.map(({ cell, value }) => ({ cell: cell.name(), list: value }));
        return { value: mergeRegions(lists), stale };
      },
    ],
    [
      "/api/v1/sites",
      async () => {
        const { heard, stale } = await federation.gather(
          cells,
          async (cell) => (await cell.ask("/api/v1/sites", siteListSchema)).items,
          (kept) => kept.sites,
        );
        const sites = heard.flatMap(({ cell, value }) =>
          value.map((site) => ({ ...site, cell: cell.name() })),
        );
        return { value: { items: sortSites(sites), nextCursor: null }, stale };
      },
    ],
    [
      "/api/v1/racks",
      async (ask) => {
        const site = readText(ask.query, "site") ?? undefined;
        const { heard, stale } = await federation.gather(
          selectCells(cells, site === undefined ? undefined : `site=${site}`),
          async (cell) =>
            (await cell.ask(`/api/v1/racks${writeQuery({ site })}`, rackListSchema)).items,
          (kept) => kept.racks.filter((rack) => site === undefined || rack.site === site),
        );
        const racks = sortRacks(heard.flatMap(({ value }) => value));
        return { value: { items: racks, nextCursor: null }, stale };
      },
    ],
    ["/api/v1/racks/:id", rackOf],
    [
      "/api/v1/racks/:id/elevation.svg",
      async (ask) => {
        const { value: rack, stale } = await rackOf(ask);
        ask.reply.header(
          "content-security-policy",
          "default-src 'none'; style-src 'unsafe-inline'",
        );
        // The route's own schema has checked the word.
        const shown = (readText(ask.query, "value") ?? "state") as ElevationValue;
        return { value: drawElevation(rack, shown), stale };
      },
    ],
    [
      "/api/v1/hosts",
      async (ask) => {
        const { list, stale } = await mergeHosts(federation, ask.query as HostListAsk);
        return { value: list, stale };
      },
    ],
    [
      "/api/v1/hosts/:id",
      async (ask) => {
        const id = readText(ask.params, "id") ?? "";
        const { value, cell, stale } = await askOwner(federation, {
          what: `host "${id}"`,
          path: `/api/v1/hosts/${encodeURIComponent(id)}`,
          schema: hostSchema,
          owners: ownersOf(federation, id),
          fromKept: (owner) =>
            hostsOf(federation, id).find((one) => one.cell === owner)?.host ?? null,
        });
        return { value: { ...value, cell: cell.name() }, stale };
      },
    ],
    [
      "/api/v1/freeze",
      // One that is frozen is what a person must know; which, stands before its reason.
      async (_ask, route) => {
        const { heard, stale } = await federation.gather(
          cells,
          (cell) => cell.ask("/api/v1/freeze", route.answer.schema),
          () => null,
        );
        const answers = heard.map(({ cell, value }) => readFreeze(value, cell.name()));
        const frozen = answers.find(({ freeze }) => freeze !== null);
        const nobodyHeard = { freeze: null, liftNeedsTwo: true };
        return { value: frozen ?? answers[0] ?? nobodyHeard, stale };
      },
    ],
    [
      "/api/v1/reports/schedules",
      // Cells name theirs alike: which cell writes it stands before the name.
      async () => {
        const path = "/api/v1/reports/schedules";
        const { heard, stale } = await federation.gather(
          cells,
          async (cell) => (await cell.ask(path, reportScheduleListSchema)).items,
          () => null,
        );
        const items = heard.flatMap(({ cell, value }) =>
          value.map((schedule) => ({ ...schedule, name: `${cell.name()}/${schedule.name}` })),
        );
        return { value: { items, nextCursor: null }, stale };
      },
    ],
    ["/api/v1/plans", listed(federation, mergeByIds)],
    ["/api/v1/operations", listed(federation, mergeByIds)],
  ]);
}

/** Checked with the route's own schema before. */
function readFreeze(value: unknown, cell: string): { readonly freeze: object | null } {
  const view = value as { readonly freeze: { readonly reason: string } | null };
  if (view.freeze === null) return view;
  return { ...view, freeze: { ...view.freeze, reason: `cell ${cell}: ${view.freeze.reason}` } };
}

/** Routes that no row names: a list of every cell, something of one host, or one thing of one cell. */
export function byShape(route: Route, federation: Federation): Answerer {
  if (/^\/api\/v1\/reports\/[a-z]+$/.test(route.path) && !isListSchema(route.answer.schema))
    return async (ask, { path }) => {
      // Checked with the route's own schema: texts, and a form among the known ones.
      const query = ask.query as Readonly<Record<string, string | undefined>>;
      const format = reportFormats.find((one) => one === query["format"]) ?? "json";
      const merged = await mergeReports(federation, path, query);
      if (format === "json") return merged;
      return { ...merged, send: () => sendReport(merged.value, format, ask) };
    };
  if (route.answer.contentType !== "application/json") return onlyThere(route);
  if (route.path.includes("/:id")) return owned(federation);
  if (!isListSchema(route.answer.schema)) return onlyThere(route);
  return "cursor" in route.query.properties
    ? listed(federation, chainLists)
    : listed(federation, (whole, of, query) =>
        joinLists(whole, selectCells(whole.cells, textOrNone(query["selector"])), of, query),
      );
}

function owned(federation: Federation): Answerer {
  return async (ask, route) => {
    const id = readText(ask.params, "id") ?? "";
    const isHost = route.path.startsWith("/api/v1/hosts/");
    const [, rest = ""] = route.path.split("/:id");
    const base = route.path.slice(0, route.path.indexOf("/:id"));
    const { value, stale } = await askOwner(federation, {
      what: `${isHost ? "host" : (base.split("/").at(-1) ?? "").replace(/s$/, "")} "${id}"`,
      path: `${base}/${encodeURIComponent(id)}${rest}${writeQuery(ask.query as never)}`,
      schema: route.answer.schema,
      owners: isHost ? ownersOf(federation, id) : [],
    });
    return { value, stale };
  };
}

const limitUsual = 50;

function listed(
  federation: Federation,
  merge: (
    federation: Federation,
    route: ListRoute,
    query: Readonly<Record<string, string | number | boolean | undefined>>,
  ) => Promise<MergedList>,
): Answerer {
  return async (ask, route) => {
    const { list, stale } = await merge(
      federation,
      { path: route.path, schema: route.answer.schema, limitUsual },
      // Checked with the route's own schema: texts and numbers.
      ask.query as Readonly<Record<string, string | number | undefined>>,
    );
    return { value: list, stale };
  };
}

function onlyThere(route: Route): Answerer {
  return async () => {
    throw new ApiError(
      "federation-reads-only",
      `${route.path} is answered by each cell for itself, not for all of them`,
      { hint: "`wws-fleet cell list` shows the cells' addresses: ask one of them with WWS_URL" },
    );
  };
}

function isListSchema(schema: TSchema): boolean {
  const properties: unknown = Reflect.get(schema, "properties");
  return typeof properties === "object" && properties !== null && "items" in properties;
}

function hostsOf(federation: Federation, idOrName: string) {
  return federation.findKept(idOrName);
}

function ownersOf(federation: Federation, idOrName: string) {
  const found = hostsOf(federation, idOrName);
  // An id means one host, also where another cell has a host of that name.
  const byId = found.filter(({ host }) => host.id === idOrName);
  return [...new Set((byId.length > 0 ? byId : found).map(({ cell }) => cell))];
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function readText(from: unknown, name: string): string | null {
  const value: unknown = typeof from === "object" && from !== null ? Reflect.get(from, name) : null;
  return typeof value === "string" ? value : null;
}
