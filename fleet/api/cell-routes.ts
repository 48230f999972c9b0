import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { cellListSchema } from "./cell-schemas.ts";
import { defineRoute, type Route } from "./route.ts";

/** A manager knows one cell, its own; a federation asks it here who it is. */
export function createCellRoutes(parts: {
  readonly cell: string;
  readonly startedMs: UnixMs;
  readonly release: string;
  readonly inventory: Pick<Inventory, "hosts" | "sites">;
  readonly clock: Clock;
}): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/cells",
      access: { who: "person", may: "read", of: "listed" },
      tag: "places",
      summary: "List cells",
      description:
        "A manager answers with its own cell. A federation (`serve --federate`) answers with each that " +
        "it reads: whether it is heard, since when not and why, and what more than one of them claims. " +
        "Its other answers carry the header `wws-stale-cells` while one is silent: JSON, the same words.",
      answer: { status: 200, description: "the cells", schema: cellListSchema },
      problems: [],
      async handle({ sight }) {
        const nowMs = parts.clock.nowUnixMs();
        const [hosts, sites] = await Promise.all([
          parts.inventory.hosts(),
          parts.inventory.sites(),
        ]);
        return {
          items: [
            {
              name: parts.cell,
              url: null,
              state: "connected" as const,
              sinceMs: parts.startedMs,
              why: null,
              lastHeardMs: nowMs,
              release: parts.release,
              clockOffsetMs: 0,
              hosts: hosts.filter((host) => sight.sees(host)).length,
              sites: sites
                .map((site) => site.code)
                .filter((site) => sight.sees({ position: { site }, tags: [] }))
                .toSorted(),
            },
          ],
          isFederation: false,
          nowMs,
          conflicts: [],
          nextCursor: null,
        };
      },
    }),
  ];
}
