import { type TSchema, Type } from "typebox";
import { ApiError } from "#fleet/api/problems.ts";
import type { Federation, Gathered } from "./federation.ts";
import { writeQuery } from "./relay.ts";
import type { CellWatch } from "./watch-cell.ts";

type Query = Readonly<Record<string, string | number | boolean | undefined>>;
type Item = Readonly<Record<string, unknown>>;

export interface MergedList {
  readonly list: { readonly items: readonly Item[]; readonly nextCursor: string | null };
  readonly stale: Gathered<unknown>["stale"];
}

/** What every list of the API is; its own schema was checked before. */
export const anyListSchema = Type.Object({
  items: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});

export interface ListRoute {
  readonly path: string;
  readonly schema: TSchema;
  readonly limitUsual: number;
}

/**
 * Newest first, by ids that grow with time (plans, operations): a page of each cell, merged. The
 * cursor is the last id, which stands for a place in every cell's list.
 */
export async function mergeByIds(
  federation: Federation,
  route: ListRoute,
  query: Query,
): Promise<MergedList> {
  const limit = Number(query["limit"] ?? route.limitUsual);
  const cursor = query["cursor"];
  const { heard, stale, refused } = await askLists(federation, federation.cells, route, {
    ...query,
    limit,
  });
  if (refused !== null) throw refused;
  const items = heard
    .flatMap(({ value }) => value.items.slice(0, limit))
    .filter((item) => cursor === undefined || idOf(item) < String(cursor))
    .toSorted((a, b) => (idOf(a) < idOf(b) ? 1 : -1));
  const page = items.slice(0, limit);
  const last = page.at(-1);
  const hasMore = items.length > limit || heard.some(({ value }) => value.nextCursor !== null);
  const nextCursor = hasMore && last !== undefined ? idOf(last) : null;
  return { list: { items: page, nextCursor }, stale };
}

/** Lists that are one page: of all the cells, one after the other. */
export async function joinLists(
  federation: Federation,
  cells: readonly CellWatch[],
  route: ListRoute,
  query: Query,
): Promise<MergedList> {
  const { heard, stale, refused } = await askLists(federation, cells, route, query);
  if (refused !== null) throw refused;
  return { list: { items: heard.flatMap(({ value }) => value.items), nextCursor: null }, stale };
}

/**
 * Paged lists of which the order is the cell's own affair: cell by cell, to the end of each. The
 * cursor says at which cell the next page begins, and where in it.
 */
export async function chainLists(
  federation: Federation,
  route: ListRoute,
  query: Query,
): Promise<MergedList> {
  const limit = Number(query["limit"] ?? route.limitUsual);
  const from = readChainCursor(query["cursor"]);
  const cells = federation.cells.toSorted((a, b) => (a.url < b.url ? -1 : 1));
  const items: Item[] = [];
  const stale: Gathered<unknown>["stale"][number][] = [];
  let refused: Gathered<unknown>["refused"] = null;
  let isAnswered = false;
  for (const cell of cells) {
    if (from !== null && cell.url < from.url) continue;
    const cursor = from?.url === cell.url ? (from.cursor ?? undefined) : undefined;
    const left = limit - items.length;
    if (left === 0) return { list: { items, nextCursor: writeChainCursor(cell.url, null) }, stale };
    const page = await askLists(federation, [cell], route, { ...query, limit: left, cursor });
    stale.push(...page.stale);
    refused ??= page.refused;
    isAnswered ||= page.heard.length > 0;
    const value = page.heard[0]?.value;
    if (value === undefined) continue;
    items.push(...value.items.slice(0, left));
    if (value.nextCursor !== null && value.items.length > 0)
      return { list: { items, nextCursor: writeChainCursor(cell.url, value.nextCursor) }, stale };
  }
  if (refused !== null && !isAnswered) throw refused;
  return { list: { items, nextCursor: null }, stale };
}

async function askLists(
  federation: Federation,
  cells: readonly CellWatch[],
  route: ListRoute,
  query: Query,
) {
  const path = `${route.path}${writeQuery(query)}`;
  return federation.gather(
    cells,
    async (cell) => {
      const value: unknown = await cell.ask(path, route.schema);
      return value as { readonly items: readonly Item[]; readonly nextCursor: string | null };
    },
    () => null,
  );
}

function idOf(item: Item): string {
  return String(item["id"]);
}

function writeChainCursor(url: string, cursor: string | null): string {
  return Buffer.from(JSON.stringify([url, cursor])).toString("base64url");
}

function readChainCursor(
  text: unknown,
): { readonly url: string; readonly cursor: string | null } | null {
  if (text === undefined) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(String(text), "base64url").toString("utf8"));
    const [url, cursor] = Array.isArray(parts) ? (parts as unknown[]) : [];
    if (typeof url === "string" && (cursor === null || typeof cursor === "string"))
      return { url, cursor };
  } catch {
    // It was not made here.
  }
  throw new ApiError("cursor-invalid", "the cursor was not made here");
}
