import { ApiError } from "./problems.ts";
import { type Host, hostSortKeys, type HostSortKey } from "./host-schemas.ts";

/** What hosts are ordered by; null comes last, whichever way round. */
const sortValues: Readonly<Record<HostSortKey, (host: Host) => string | number | null>> = {
  name: (host) => host.name,
  position: positionOrder,
  link: (host) => linkOrder[host.link.state],
  health: (host) => healthOrder[host.health.verdict],
  lifecycle: (host) => host.lifecycle,
  class: (host) => host.hardwareClass,
  cpu: (host) => host.latest.cpuUtilization,
  memory: (host) => host.latest.memoryUtilization,
  power: (host) => host.power.watts,
  temperature: (host) => host.latest.temperatureCelsius,
  lastReport: (host) => host.lastReportAt,
};

/** Worst first: that is what one sorts by the link for. */
const linkOrder = { lost: 0, late: 1, never: 2, connected: 3 } as const;

/** Worst first here as well; what is not known comes before what is well. */
const healthOrder = { failed: 0, failing: 1, degraded: 2, unknown: 3, ok: 4 } as const;

export interface HostOrder {
  readonly key: HostSortKey;
  readonly isDescending: boolean;
}

/** `-power` → by power, the largest first. */
export function readHostOrder(word: `${"-" | ""}${HostSortKey}`): HostOrder {
  const name = word.replace(/^-/, "");
  const key = hostSortKeys.find((candidate) => candidate === name) ?? "name";
  return { key, isDescending: word.startsWith("-") };
}

export function orderHosts(hosts: readonly Host[], order: HostOrder): readonly Host[] {
  const sortValue = sortValues[order.key];
  const keyed = hosts.map((host) => ({ host, value: sortValue(host) }));
  keyed.sort((a, b) => compare(a, b, order.isDescending));
  return keyed.map(({ host }) => host);
}

interface Keyed {
  readonly host: Pick<Host, "name" | "id">;
  readonly value: string | number | null;
}

function compare(a: Keyed, b: Keyed, isDescending: boolean): number {
  const direction = isDescending ? -1 : 1;
  const byValue = compareValues(a.value, b.value);
  if (byValue !== 0) return a.value === null || b.value === null ? byValue : byValue * direction;
  return collate(a.host.name, b.host.name) || compareIds(a.host.id, b.host.id);
}

function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareValues(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collate(String(a), String(b));
}

/** host-9 before host-10. */
const collator = new Intl.Collator("en", { numeric: true });
const collate = collator.compare;

function positionOrder(host: Host): string | null {
  const { position } = host;
  if (position === null) return null;
  const unit = String(position.unit).padStart(2, "0");
  return [position.region, position.site, position.row, position.rack, unit].join("/");
}

/**
 * One page of an ordered list. The cursor names the last host of the page before, so that hosts which
 * come or go do not shift the rest; the list is cut behind that host's present place, or where it
 * would stand.
 */
export function pageHosts(
  ordered: readonly Host[],
  order: HostOrder,
  page: { readonly limit: number; readonly cursor: string | undefined },
): { readonly items: readonly Host[]; readonly nextCursor: string | null } {
  const start = page.cursor === undefined ? 0 : placeAfter(ordered, order, page.cursor);
  const items = ordered.slice(start, start + page.limit);
  const last = items.at(-1);
  const isEnd = last === undefined || start + page.limit >= ordered.length;
  return { items, nextCursor: isEnd ? null : writeHostCursor(order, last) };
}

/** The place behind `last`, for any list of the same order. */
export function writeHostCursor(order: HostOrder, last: Host): string {
  const value = sortValues[order.key](last);
  const sort = `${order.isDescending ? "-" : ""}${order.key}`;
  return Buffer.from(JSON.stringify([sort, value, last.name, last.id])).toString("base64url");
}

function placeAfter(ordered: readonly Host[], order: HostOrder, cursor: string): number {
  const last = readCursor(cursor, order);
  const sortValue = sortValues[order.key];
  const index = ordered.findIndex(
    (host) => compare({ host, value: sortValue(host) }, last, order.isDescending) > 0,
  );
  return index < 0 ? ordered.length : index;
}

function readCursor(cursor: string, order: HostOrder): Keyed {
  const parts = parseJson(Buffer.from(cursor, "base64url").toString("utf8"));
  const [sort, value, name, id] = Array.isArray(parts) ? parts : [];
  const isValue = value === null || typeof value === "string" || typeof value === "number";
  if (typeof name !== "string" || typeof id !== "string" || !isValue) {
    throw new ApiError("cursor-invalid", "the cursor was not made here");
  }
  if (sort !== `${order.isDescending ? "-" : ""}${order.key}`) {
    throw new ApiError("cursor-invalid", "the cursor was made for another order");
  }
  return { host: { name, id }, value };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
