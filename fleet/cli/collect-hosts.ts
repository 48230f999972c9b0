import type { ApiClient } from "#fleet/api/client.ts";
import type { Host } from "#fleet/api/host-schemas.ts";

/** The API's own limit of one page. */
const pageHostsMax = 500;

/** All pages of a list, or as many hosts as are wanted. */
export async function collectHosts(
  client: ApiClient,
  wanted: {
    readonly selector?: string | undefined;
    readonly search?: string;
    readonly sort?: string;
    readonly limit?: number;
  },
): Promise<readonly Host[]> {
  const hosts: Host[] = [];
  const countMax = wanted.limit ?? Number.POSITIVE_INFINITY;
  let cursor: string | undefined;
  do {
    const page = await client.hosts({
      selector: wanted.selector,
      q: wanted.search,
      sort: wanted.sort,
      limit: Math.min(pageHostsMax, countMax - hosts.length),
      cursor,
    });
    hosts.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && hosts.length < countMax);
  return hosts;
}
