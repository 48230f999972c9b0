import { type StaleCell, staleHeader } from "#fleet/api/cell-schemas.ts";
import type { Access, Route } from "#fleet/api/route.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Federation } from "./federation.ts";
import { federationLimits } from "./federation-limits.ts";
import { refuseWrite } from "./refuse-write.ts";
import { type AnyAsk, byShape, createAnswerers, readText } from "./route-answers.ts";

const ownTags: ReadonlySet<string> = new Set(["session", "audit", "events", "people"]);
const ownPaths: ReadonlySet<string> = new Set([
  "/healthz",
  "/readyz",
  "/metrics",
  "/api/v1/openapi.json",
  "/api/v1/store/check",
  "/api/v1/store/backup",
]);

/** Routes that the federation answers out of its own small store: people, sessions, its own records. */
export function isOwnRoute(route: Pick<Route, "path" | "tag">): boolean {
  return ownPaths.has(route.path) || ownTags.has(route.tag);
}

/**
 * A manager's routes as a federation answers them: what it keeps itself as they are, every other GET
 * merged over the cells, every change refused. A route that comes later is answered by its shape.
 */
export function federateRoutes(
  routes: readonly Route[],
  parts: { readonly federation: Federation; readonly clock: Clock },
): readonly Route[] {
  const answerers = createAnswerers(parts);
  return routes.map((route) => {
    if (isOwnRoute(route)) return route;
    if (route.method !== "GET") return refusing(route, parts.federation);
    const answer = answerers.get(route.path) ?? byShape(route, parts.federation);
    return {
      ...route,
      access: wholeCell(route.access),
      problems: [...new Set([...route.problems, "cell-silent", "cells-conflict"] as const)],
      async handle(ask: AnyAsk) {
        const { value, stale, send } = await answer(ask, route);
        if (stale.length > 0) ask.reply.header(staleHeader, headerText(stale));
        await send?.();
        return value;
      },
    };
  });
}

/** Whose sight is only a part of a cell sees nothing here: what they may see, their cell knows. */
function wholeCell(access: Access): Access {
  if (access.who === "anyone") return access;
  return { who: access.who, may: "read", of: "cell" };
}

function refusing(route: Route, federation: Federation): Route {
  return {
    ...route,
    access: wholeCell(route.access),
    body: null,
    takes: null,
    problems: ["federation-reads-only"],
    async handle({ params, body, reply }) {
      reply.header("allow", "GET");
      const id = readText(params, "id");
      throw await refuseWrite(federation, { method: route.method, route: route.path, id, body });
    },
  };
}

/** Node's own client takes 16 KiB of headers: that many cells share three quarters of it. */
const headerShareMax = (12 * 1_024) / federationLimits.cellsMax;

/** JSON in what a header can carry; what a cell says too much is cut off. */
function headerText(stale: readonly StaleCell[]): string {
  return `[${stale.map(cellText).join(",")}]`;
}

function cellText(cell: StaleCell): string {
  let { why } = cell;
  let text = asciiJson(cell);
  while (text.length >= headerShareMax && why.length > 0) {
    why = why.slice(0, Math.floor(why.length * 0.8));
    text = asciiJson({ ...cell, why: `${why} …` });
  }
  return text;
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
