import {
  type HostOrder,
  orderHosts,
  pageHosts,
  readHostOrder,
  writeHostCursor,
} from "#fleet/api/host-order.ts";
import { type HostMatch, matchText, parseSelector } from "#fleet/api/host-selection.ts";
import {
  type Host,
  type HostList,
  hostListSchema,
  type HostSortKey,
} from "#fleet/api/host-schemas.ts";
import type { Federation, Gathered } from "./federation.ts";
import { federationLimits } from "./federation-limits.ts";
import type { KeptCell } from "./kept-cell.ts";
import { writeQuery } from "./relay.ts";
import { selectCells } from "./select-cells.ts";

export interface HostListAsk {
  readonly selector?: string;
  readonly q?: string;
  readonly sort?: `${"-" | ""}${HostSortKey}`;
  readonly limit?: number;
  readonly cursor?: string;
}

const limitUsual = 100;

/**
 * One page of the hosts of all cells. Each cell gives its own next page of the same order, and the
 * pages are merged. A cursor names the last host that was shown: it stands for the same place in every
 * cell, in what is kept of one as well, so that a cell may fall silent between two pages.
 * Throws ApiError `selector-invalid`, `cursor-invalid`.
 */
export async function mergeHosts(
  federation: Federation,
  query: HostListAsk,
): Promise<{ readonly list: HostList; readonly stale: Gathered<HostList>["stale"] }> {
  const order = readHostOrder(query.sort ?? "name");
  const limit = query.limit ?? limitUsual;
  const isMatch = readMatch(query);
  // A cursor that is none is refused here, and not by each cell in its own words.
  pageHosts([], order, { limit, cursor: query.cursor });
  const path = `/api/v1/hosts${writeQuery({ ...query, limit })}`;
  const { heard, stale, refused } = await federation.gather(
    selectCells(federation.cells, query.selector),
    async (cell) => {
      const list = await cell.ask(path, hostListSchema);
      const items = list.items
        .slice(0, federationLimits.hostsPerPage)
        .map((host) => ({ ...host, cell: cell.name() }));
      return { ...list, items, total: Math.max(list.total, items.length) };
    },
    (kept) => pageKept(kept, { isMatch, order, limit, cursor: query.cursor }),
  );
  if (refused !== null) throw refused;
  const lists = heard.map(({ value }) => value);
  const union = orderHosts(
    lists.flatMap((list) => list.items),
    order,
  );
  // Cut behind the cursor here too: a cell that goes on answering what was asked before stalls nobody.
  const page = pageHosts(union, order, { limit, cursor: query.cursor });
  const last = page.items.at(-1);
  const hasMore = page.nextCursor !== null || lists.some((list) => list.nextCursor !== null);
  const nextCursor = hasMore && last !== undefined ? writeHostCursor(order, last) : null;
  const total = lists.reduce((sum, list) => sum + list.total, 0);
  return { list: { items: [...page.items], nextCursor, total }, stale };
}

/** Of the hosts that are kept: the same selection, order and paging as the cell's own. */
export function pageKept(
  kept: KeptCell,
  ask: {
    readonly isMatch: HostMatch;
    readonly order: HostOrder;
    readonly limit: number;
    readonly cursor: string | undefined;
  },
): HostList {
  const matching = kept.hosts.filter(ask.isMatch);
  const page = pageHosts(orderHosts(matching, ask.order), ask.order, ask);
  return { items: [...page.items], nextCursor: page.nextCursor, total: matching.length };
}

export function readMatch(query: Pick<HostListAsk, "selector" | "q">): HostMatch {
  const matches: HostMatch[] = [];
  if (query.selector !== undefined) matches.push(parseSelector(query.selector));
  if (query.q !== undefined) matches.push(matchText(query.q));
  return (host: Host) => matches.every((isMatch) => isMatch(host));
}
