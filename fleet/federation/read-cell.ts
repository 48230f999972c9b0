import { Type } from "typebox";
import { cellListSchema } from "#fleet/api/cell-schemas.ts";
import { hostListSchema, type Host } from "#fleet/api/host-schemas.ts";
import { healthSchema } from "#fleet/api/manager-schemas.ts";
import { rackListSchema, regionListSchema, siteListSchema } from "#fleet/api/place-schemas.ts";
import { parseCellId } from "#proto/vocabulary/ids.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { CellAsker } from "./ask-cell.ts";
import { CellError } from "./cell-door.ts";
import { federationLimits } from "./federation-limits.ts";
import type { KeptCell } from "./kept-cell.ts";

/** Who answers at an address. */
export interface CellIdentity {
  /** null: a manager of an older release that has no site and no host yet does not say. */
  readonly name: string | null;
  readonly release: string | null;
  readonly clockOffsetMs: number | null;
}

/** Asks for a sign of life and who it is. Rejects with CellError; a federation is refused. */
export async function readIdentity(
  ask: CellAsker,
  parts: { readonly url: string; readonly clock: Clock },
): Promise<CellIdentity> {
  const sentMs = parts.clock.nowUnixMs();
  const heard = await orNull(() =>
    ask.json("/api/v1/cells", cellListSchema, federationLimits.probeMsMax),
  );
  const tripMs = Math.max(0, parts.clock.nowUnixMs() - sentMs);
  if (heard === null) return readOlderIdentity(ask);
  const { isFederation, items, nowMs } = heard;
  if (isFederation)
    throw new CellError(
      "foreign",
      `${parts.url} is itself a federation: name the cells' own consoles (it may be this very process)`,
    );
  const [own] = items;
  const name = own === undefined ? null : readName(own.name, parts.url);
  const aheadMs = nowMs - (sentMs + tripMs / 2);
  const offsetMs = Math.abs(aheadMs) <= tripMs / 2 + 1 ? 0 : Math.round(aheadMs);
  return { name, release: own?.release?.slice(0, 40) ?? null, clockOffsetMs: offsetMs };
}

/** A manager from before there was GET /cells: its sites and hosts name the cell. */
async function readOlderIdentity(ask: CellAsker): Promise<CellIdentity> {
  const { probeMsMax } = federationLimits;
  const sites = await ask.json("/api/v1/sites", siteListSchema, probeMsMax);
  const release = await ask.json("/healthz", healthSchema, probeMsMax);
  const said =
    sites.items[0]?.cell ??
    (await ask.json("/api/v1/hosts?limit=1", oneCellSchema, probeMsMax)).items[0]?.cell;
  return {
    name: said === undefined ? null : readName(said, "an older release"),
    release: release.release.slice(0, 40),
    clockOffsetMs: null,
  };
}

const oneCellSchema = Type.Object({
  items: Type.Array(Type.Object({ cell: Type.String() }), { maxItems: 1 }),
});

function readName(text: string, url: string): string {
  const name = parseCellId(text);
  if (name.ok) return name.value;
  throw new CellError("foreign", `${url} calls its cell "${text.slice(0, 40)}", which is no name`);
}

async function orNull<Value>(work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work();
  } catch (error) {
    const isUnknown = error instanceof CellError && error.status === 404;
    if (isUnknown) return null;
    throw error;
  }
}

type Whole = Omit<KeptCell, "url" | "name" | "release" | "lastHeardMs" | "readMs">;

/**
 * Reads all of a cell that is kept: places and hosts. The name is the federation's own for the cell:
 * what a cell calls another one's is not believed. Rejects with CellError.
 */
export async function readWholeCell(
  ask: CellAsker,
  from: { readonly name: string; readonly heights: KeptCell["heights"] },
): Promise<Whole> {
  const { askMsMax, hostsPerPage, hostsKeptMax, placesKeptMax, sweepMsMax } = federationLimits;
  const [regions, sites, racks] = await Promise.all([
    ask.json("/api/v1/regions", regionListSchema, askMsMax),
    ask.json("/api/v1/sites", siteListSchema, askMsMax),
    ask.json("/api/v1/racks", rackListSchema, askMsMax),
  ]);
  const hosts = new Map<string, Host>();
  let cursor: string | null = null;
  let pages = 0;
  do {
    const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await ask.json(
      `/api/v1/hosts?limit=${hostsPerPage}${query}`,
      hostListSchema,
      sweepMsMax / 4,
    );
    for (const host of page.items.slice(0, hostsPerPage))
      hosts.set(host.id, { ...host, cell: from.name });
    cursor = page.nextCursor;
    pages += 1;
  } while (cursor !== null && hosts.size < hostsKeptMax && pages < hostsKeptMax / hostsPerPage);
  return {
    regions,
    sites: sites.items.slice(0, placesKeptMax).map((site) => ({ ...site, cell: from.name })),
    racks: racks.items.slice(0, placesKeptMax),
    hosts: [...hosts.values()],
    heights: await readHeights(ask, from.heights),
    isWhole: cursor === null,
  };
}

const exportSchema = Type.Object({
  hosts: Type.Array(
    Type.Object({ id: Type.String(), heightUnits: Type.Integer({ minimum: 1, maximum: 64 }) }),
    { maxItems: federationLimits.hostsKeptMax * 2 },
  ),
});

/** How high a host is stands in the export alone; without it those of before hold. */
async function readHeights(
  ask: CellAsker,
  before: KeptCell["heights"],
): Promise<KeptCell["heights"]> {
  try {
    const path = "/api/v1/inventory/export?format=json";
    const value = await ask.json(path, exportSchema, federationLimits.sweepMsMax / 4);
    const high = value.hosts.filter((host) => host.heightUnits > 1);
    return Object.fromEntries(high.map((host) => [host.id, host.heightUnits]));
  } catch (error) {
    if (error instanceof CellError) return before;
    throw error;
  }
}
