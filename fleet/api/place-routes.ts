import { type TSchema, Type } from "typebox";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { drawElevation, elevationValues } from "./elevation.ts";
import type { HostViews } from "./host-views.ts";
import { nearestNames } from "./near-names.ts";
import { type Estate, viewRack, viewRacks, viewRegions, viewSites } from "./places.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { textSchema } from "./route-document.ts";
import type { Sight } from "./sight.ts";
import {
  type RackDetail,
  rackDetailSchema,
  rackListSchema,
  regionListSchema,
  siteListSchema,
} from "./place-schemas.ts";

const rackParams = Type.Object({
  id: Type.String({ maxLength: 64, description: "site~row~rack, as in fra2~row-b~rack-07" }),
});
const read = { who: "person", may: "read", of: "listed" } as const;

export function createPlaceRoutes(parts: {
  readonly inventory: Inventory;
  readonly views: HostViews;
}): readonly Route[] {
  /** What the asker sees of it: sites and racks where they see a host, or may see those to come. */
  const estate = async (sight: Sight): Promise<Estate> => {
    const [allSites, allRacks, records, hosts] = await Promise.all([
      parts.inventory.sites(),
      parts.inventory.racks(),
      parts.inventory.hosts(),
      parts.views.all(sight),
    ]);
    const heights = new Map<string, number>(records.map((host) => [host.id, host.heightUnits]));
    const seen = new Set(
      hosts.flatMap(({ position }) => (position === null ? [] : [position.site])),
    );
    const seenRacks = new Set(hosts.map(({ position }) => position && rackIdOf(position)));
    const at = (site: string) => sight.sees({ position: { site }, tags: [] });
    const sites = allSites.filter(({ code }) => at(code) || seen.has(code));
    const racks = allRacks.filter(({ id, site }) => at(site) || seenRacks.has(id));
    return { sites, racks, hosts, heightOf: (hostId) => heights.get(hostId) ?? 1 };
  };
  const requireRack = async (id: string, sight: Sight): Promise<RackDetail> => {
    const whole = await estate(sight);
    const rack = viewRack(whole, id);
    if (rack !== undefined) return rack;
    const near = nearestNames(
      id,
      whole.racks.map((one) => one.id.replaceAll("/", "~")),
    );
    throw new ApiError("rack-unknown", `there is no rack "${id}"`, {
      ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(" or ")}?` }),
    });
  };
  const list = <Schema extends TSchema>(
    path: string,
    words: { readonly summary: string; readonly description: string },
    schema: Schema,
  ) => ({
    method: "GET" as const,
    path,
    access: read,
    tag: "places" as const,
    ...words,
    answer: { status: 200 as const, description: "the list", schema },
    problems: [],
  });

  return [
    defineRoute({
      ...list(
        "/api/v1/regions",
        {
          summary: "The fleet by region and site",
          description:
            "All three regions with their sites, and the hosts that have no position yet.",
        },
        regionListSchema,
      ),
      handle: async ({ sight }) => viewRegions(await estate(sight)),
    }),
    defineRoute({
      ...list(
        "/api/v1/sites",
        { summary: "List sites", description: "Each with counts and sums over its hosts." },
        siteListSchema,
      ),
      handle: async ({ sight }) => ({ items: viewSites(await estate(sight)), nextCursor: null }),
    }),
    defineRoute({
      ...list(
        "/api/v1/racks",
        { summary: "List racks", description: "Each with counts and sums over its hosts." },
        rackListSchema,
      ),
      query: Type.Object(
        {
          site: Type.Optional(Type.String({ maxLength: 8, description: "only of this site" })),
        },
        { additionalProperties: false },
      ),
      async handle({ query, sight }) {
        const racks = viewRacks(await estate(sight));
        const wanted = racks.filter((rack) => query.site === undefined || rack.site === query.site);
        return { items: [...wanted], nextCursor: null };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/racks/:id",
      access: read,
      tag: "places",
      summary: "One rack",
      description: "With its hosts, from the top unit down.",
      params: rackParams,
      answer: { status: 200, description: "the rack", schema: rackDetailSchema },
      problems: ["rack-unknown"],
      handle: ({ params, sight }) => requireRack(params.id, sight),
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/racks/:id/elevation.svg",
      access: read,
      tag: "places",
      summary: "A rack as a picture",
      description: "Follows the light or dark scheme of the page it stands in; no scripts in it.",
      params: rackParams,
      query: Type.Object(
        {
          value: Type.Optional(
            Type.Enum(elevationValues, {
              description: "what stands in each host's box; state where not said",
            }),
          ),
        },
        { additionalProperties: false },
      ),
      answer: {
        status: 200,
        description: "the picture",
        schema: textSchema,
        contentType: "image/svg+xml",
      },
      problems: ["rack-unknown"],
      async handle({ params, query, reply, sight }) {
        const rack = await requireRack(params.id, sight);
        // The picture brings its own style sheet and nothing else, also when opened by itself.
        reply.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
        return drawElevation(rack, query.value ?? "state");
      },
    }),
  ];
}

function rackIdOf({ site, row, rack }: { site: string; row: string; rack: string }): string {
  return `${site}/${row}/${rack}`;
}
